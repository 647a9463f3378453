package io.starling.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeviceIndexTest {
  private static final DeviceId FIRST = DeviceId.of("0a00000000000000000000aa");
  private static final DeviceId SECOND = DeviceId.of("0a0000000000000000000aaa");
  private static final DeviceId THIRD = DeviceId.of("ff00000000000000000000aa");

  private final DeviceIndex index = new DeviceIndex();

  private static Entry.Device device(
      DeviceId id, @Nullable String name, @Nullable String serialNumber, String... groups) {
    var settings = new Entry.Settings(serialNumber, false, true, false, null, List.of(groups));
    return new Entry.Device(
        id, null, 7, name, null, 0, "", false, false, settings, null, Instant.EPOCH);
  }

  private static List<DeviceId> ids(Collection<Entry.Device> devices) {
    return devices.stream().map(Entry.Device::id).toList();
  }

  @Test
  void findsByTheStartOfIdsNamesAndSerialNumbers() {
    index.put(device(SECOND, "Kitchen", "SN-2"));
    index.put(device(THIRD, "kitchen door", "sn-30"));
    index.put(device(FIRST, null, null));

    assertThat(ids(index.all())).containsExactly(FIRST, SECOND, THIRD);
    assertThat(index.descending().map(Entry.Device::id)).containsExactly(THIRD, SECOND, FIRST);
    assertThat(ids(index.idStarts("0a"))).containsExactly(FIRST, SECOND);
    assertThat(ids(index.idStarts(THIRD.toString()))).containsExactly(THIRD);
    assertThat(ids(index.idStarts("no id"))).isEmpty();
    assertThat(ids(index.nameStarts("KITCHEN"))).containsExactly(SECOND, THIRD);
    assertThat(ids(index.nameStarts("kitchen "))).containsExactly(THIRD);
    assertThat(ids(index.serialStarts("sn-"))).containsExactly(SECOND, THIRD);
    assertThat(index.named("Kitchen").map(Entry.Device::id)).hasValue(SECOND);
    assertThat(index.named("kitchen")).isEmpty();
    assertThat(index.withSerial("sn-30").map(Entry.Device::id)).hasValue(THIRD);
    assertThat(index.withSerial("sn-3")).isEmpty();
  }

  @Test
  void findsNothingByWhatADeviceIsNotCalledAnyMore() {
    index.put(device(FIRST, "old", "1", "red", "blue"));
    index.put(device(FIRST, "new", null, "blue"));

    assertThat(index.size()).isOne();
    assertThat(index.nameStarts("old")).isEmpty();
    assertThat(index.serialStarts("1")).isEmpty();
    assertThat(index.inGroup("red")).isEmpty();
    assertThat(ids(index.inGroup("blue"))).containsExactly(FIRST);
    assertThat(index.nameStarts("new").iterator().next().settings().groups())
        .containsExactly("blue");

    index.put(device(FIRST, "NEW", null));
    assertThat(index.named("NEW")).isPresent();
    assertThat(index.inGroup("blue")).isEmpty();

    index.remove(FIRST);
    assertThat(index.size()).isZero();
    assertThat(index.nameStarts("")).isEmpty();
  }
}
