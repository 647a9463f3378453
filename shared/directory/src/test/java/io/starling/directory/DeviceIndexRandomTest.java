package io.starling.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is found is what going through all would find, whatever was put, changed and removed before.
 * To replay: {@code -Dindex.seed} with the printed seed.
 */
class DeviceIndexRandomTest {
  private static final String[] NAMES = {null, "Lamp", "lamp", "lamp-2", "LAMPS", "Öl", "", "z"};

  private final long seed = Long.getLong("index.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final DeviceIndex index = new DeviceIndex();
  private final Map<DeviceId, Entry.Device> all = new HashMap<>();

  @Test
  void findsWhatGoingThroughAllWouldFind() {
    System.out.println("seed " + seed);
    for (int turn = 0; turn < 30_000; turn++) {
      change();
      if (turn % 1_000 == 0) {
        compare();
      }
    }
    assertThat(all).isNotEmpty();
    compare();
  }

  private void change() {
    var id = new DeviceId(random.nextInt(8) * 0x1234567890ABCDEFL, random.nextInt(400));
    if (random.nextInt(4) == 0) {
      all.remove(id);
      index.remove(id);
      return;
    }
    var settings =
        new Entry.Settings(
            name(), false, true, false, null, random.nextBoolean() ? List.of("g") : List.of());
    var device =
        new Entry.Device(
            id, null, 7, name(), null, 0, "", false, false, settings, null, Instant.EPOCH);
    all.put(id, device);
    index.put(device);
  }

  private @Nullable String name() {
    return NAMES[random.nextInt(NAMES.length)];
  }

  private void compare() {
    assertThat(index.size()).as("seed %d", seed).isEqualTo(all.size());
    same(index.all(), _ -> true);
    same(index.inGroup("g"), device -> device.settings().groups().contains("g"));
    same(index.named(), device -> device.name() != null);
    for (String start : List.of("lamp", "LAMP", "ö", "q")) {
      same(index.nameStarts(start), starts(Entry.Device::name, start));
      same(index.serialStarts(start), starts(device -> device.settings().serialNumber(), start));
    }
    for (String start : List.of("0", "12", "91a2")) {
      same(index.idStarts(start), device -> device.id().toString().startsWith(start));
    }
    pages(index.inOrder(), Comparator.comparing(Entry.Device::id));
    pages(index.group("g"), Comparator.comparing(Entry.Device::id));
    pages(
        index.inOrderOfNames(),
        Comparator.<Entry.Device, @Nullable String>comparing(
                Entry.Device::name, Comparator.nullsFirst(String.CASE_INSENSITIVE_ORDER))
            .thenComparing(Entry.Device::id));
    for (String name : List.of("Lamp", "lamp-2", "Öl", "none")) {
      assertThat(index.named(name).map(Entry.Device::id))
          .as("seed %d, %s", seed, name)
          .isEqualTo(lowest(device -> name.equals(device.name())));
    }
  }

  private static Predicate<Entry.Device> starts(
      Function<Entry.Device, @Nullable String> text, String start) {
    return device -> {
      String value = text.apply(device);
      return value != null
          && value.toLowerCase(Locale.ROOT).startsWith(start.toLowerCase(Locale.ROOT));
    };
  }

  private void same(Collection<Entry.Device> found, Predicate<Entry.Device> wanted) {
    var expected = new ArrayList<>(all.values());
    expected.removeIf(wanted.negate());
    assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** A page is what stands there when all are sorted, from the front and from the back. */
  private void pages(DeviceRange range, Comparator<Entry.Device> order) {
    var sorted = new ArrayList<>(range.devices());
    assertThat(sorted).as("seed %d", seed).isSortedAccordingTo(order).hasSize(range.size());
    for (boolean descending : new boolean[] {false, true}) {
      var expected = descending ? sorted.reversed() : sorted;
      int skip = random.nextInt(sorted.size() + 2);
      var found = new ArrayList<Entry.Device>();
      range.walk(skip, descending).forEachRemaining(found::add);
      assertThat(found)
          .as("seed %d, behind %d", seed, skip)
          .isEqualTo(expected.subList(Math.min(skip, expected.size()), expected.size()));
    }
  }

  private Optional<DeviceId> lowest(Predicate<Entry.Device> wanted) {
    return all.values().stream()
        .filter(wanted)
        .map(Entry.Device::id)
        .min(Comparator.naturalOrder());
  }
}
