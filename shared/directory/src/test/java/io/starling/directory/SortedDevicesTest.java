package io.starling.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SortedDevicesTest {
  private static final Entry.Settings SETTINGS =
      new Entry.Settings(null, false, true, false, null, List.of());

  private final SortedDevices devices = new SortedDevices(Comparator.comparing(Entry.Device::id));

  private static Entry.Device device(int number) {
    return new Entry.Device(
        new DeviceId(0, number),
        null,
        7,
        null,
        null,
        0,
        "",
        false,
        false,
        SETTINGS,
        null,
        Instant.EPOCH);
  }

  @Test
  void aReaderMissesNothingThatStaysWhileOthersComeAndGo() {
    Set<DeviceId> staying = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      devices.put(device(2 * i));
      staying.add(new DeviceId(0, 2 * i));
    }
    var random = new Random(1);
    var writer =
        CompletableFuture.runAsync(
            () -> {
              for (int turn = 0; turn < 200_000; turn++) {
                var odd = device(2 * random.nextInt(2_000) + 1);
                if (random.nextBoolean()) {
                  devices.put(odd);
                } else {
                  devices.remove(odd);
                }
              }
            });
    do {
      var seen = new HashSet<DeviceId>();
      devices.all().forEach(device -> seen.add(device.id()));
      assertThat(seen).containsAll(staying);
    } while (!writer.isDone());
    writer.join();
  }
}
