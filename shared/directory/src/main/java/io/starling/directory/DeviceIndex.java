package io.starling.directory;

import io.starling.contract.DeviceId;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The devices of one owner or of one product, in the order of their ids, and found by how names,
 * serial numbers and ids begin, and by group, without going through all. Readers on any thread; one
 * writer at a time.
 */
public final class DeviceIndex {
  private static final Comparator<Entry.Device> BY_ID = Comparator.comparing(Entry.Device::id);
  private static final Text NAME = new Text(Entry.Device::name);
  private static final Text SERIAL = new Text(device -> device.settings().serialNumber());

  private static final DeviceIndex EMPTY = new DeviceIndex();

  private final SortedDevices byId = new SortedDevices(BY_ID);
  private final SortedDevices byName = new SortedDevices(NAME.order);
  private final SortedDevices bySerial = new SortedDevices(SERIAL.order);
  private final Map<String, SortedDevices> byGroup = new ConcurrentHashMap<>();

  DeviceIndex() {}

  /** A text of a device, compared whatever its case. */
  private static final class Text {
    private final Function<Entry.Device, @Nullable String> of;

    /** Those without it first. */
    final Comparator<Entry.Device> order;

    Text(Function<Entry.Device, @Nullable String> of) {
      this.of = of;
      this.order =
          Comparator.<Entry.Device, @Nullable String>comparing(
                  of, Comparator.nullsFirst(String.CASE_INSENSITIVE_ORDER))
              .thenComparing(BY_ID);
    }

    boolean isMissing(Entry.Device device) {
      return of.apply(device) == null;
    }

    int compare(Entry.Device device, String other) {
      String text = of.apply(device);
      return text == null ? -1 : text.compareToIgnoreCase(other);
    }

    /** Those that begin so. */
    DeviceRange starts(SortedDevices some, String prefix) {
      String end = prefix + Character.MAX_VALUE;
      return some.range(device -> compare(device, prefix) < 0, device -> compare(device, end) < 0);
    }

    /** The one that has exactly this; of several the lowest id. */
    Optional<Entry.Device> find(SortedDevices some, String text) {
      return some
          .range(device -> compare(device, text) < 0, device -> compare(device, text) <= 0)
          .stream()
          .filter(device -> text.equals(of.apply(device)))
          .findFirst();
    }
  }

  /** Nothing. */
  static DeviceIndex empty() {
    return EMPTY;
  }

  /** All, by id. */
  public Collection<Entry.Device> all() {
    return byId.all();
  }

  /** All, by id. */
  public DeviceRange inOrder() {
    return byId.all();
  }

  /** All, by name whatever its case, those without one first. */
  public DeviceRange inOrderOfNames() {
    return byName.all();
  }

  /** How many there are, without counting. */
  public int size() {
    return byId.size();
  }

  /** The same, from the highest id on. */
  public Stream<Entry.Device> descending() {
    Iterator<Entry.Device> back = byId.all().walk(0, true);
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(back, Spliterator.ORDERED), false);
  }

  /** Those in a group, by id. */
  public Collection<Entry.Device> inGroup(String group) {
    return group(group).devices();
  }

  /** Those in a group, by id. */
  public DeviceRange group(String group) {
    var found = byGroup.get(group);
    return found == null ? DeviceRange.NONE : found.all();
  }

  /** Those that have a name, by it, whatever its case. */
  public Collection<Entry.Device> named() {
    return byName.range(NAME::isMissing, _ -> true);
  }

  /** Those whose id begins so, by id; the prefix is of lower-case hexadecimal digits. */
  public Collection<Entry.Device> idStarts(String prefix) {
    return idsFrom(prefix).devices();
  }

  /** Those whose id begins so, by id; the prefix is of lower-case hexadecimal digits. */
  public DeviceRange idsFrom(String prefix) {
    if (!prefix.matches("[0-9a-f]{1,24}")) {
      return DeviceRange.NONE;
    }
    var from = DeviceId.of(prefix + "0".repeat(24 - prefix.length()));
    var to = DeviceId.of(prefix + "f".repeat(24 - prefix.length()));
    return byId.range(
        device -> device.id().compareTo(from) < 0, device -> device.id().compareTo(to) <= 0);
  }

  /** Those whose name begins so, whatever its case, by name. */
  public Collection<Entry.Device> nameStarts(String prefix) {
    return namesFrom(prefix).devices();
  }

  /** Those whose name begins so, whatever its case, by name. */
  public DeviceRange namesFrom(String prefix) {
    return NAME.starts(byName, prefix);
  }

  /** Those whose serial number begins so, whatever its case, by it. */
  public Collection<Entry.Device> serialStarts(String prefix) {
    return serialsFrom(prefix).devices();
  }

  /** Those whose serial number begins so, whatever its case, by it. */
  public DeviceRange serialsFrom(String prefix) {
    return SERIAL.starts(bySerial, prefix);
  }

  /** Finds the one with exactly this name; of several the lowest id. */
  public Optional<Entry.Device> named(String name) {
    return NAME.find(byName, name);
  }

  /** Finds the one with exactly this serial number. */
  public Optional<Entry.Device> withSerial(String serialNumber) {
    return SERIAL.find(bySerial, serialNumber);
  }

  void put(Entry.Device device) {
    var before = byId.find(device);
    // First into the new place, then out of the old one: a reader sees it twice rather than not at
    // all.
    byId.put(device);
    byName.put(device);
    if (!SERIAL.isMissing(device)) {
      bySerial.put(device);
    }
    for (String group : device.settings().groups()) {
      byGroup.computeIfAbsent(group, absent -> new SortedDevices(BY_ID)).put(device);
    }
    if (before != null) {
      forget(before, device);
    }
  }

  /** Takes a device out of what it is not in any more. */
  private void forget(Entry.Device before, Entry.Device now) {
    if (NAME.order.compare(before, now) != 0) {
      byName.remove(before);
    }
    if (SERIAL.order.compare(before, now) != 0) {
      bySerial.remove(before);
    }
    for (String group : before.settings().groups()) {
      if (!now.settings().groups().contains(group)) {
        leave(group, before);
      }
    }
  }

  void remove(DeviceId id) {
    var before =
        byId
            .range(
                device -> device.id().compareTo(id) < 0, device -> device.id().compareTo(id) <= 0)
            .stream()
            .findFirst();
    before.ifPresent(this::remove);
  }

  private void remove(Entry.Device before) {
    byId.remove(before);
    byName.remove(before);
    bySerial.remove(before);
    before.settings().groups().forEach(group -> leave(group, before));
  }

  private void leave(String group, Entry.Device device) {
    var members = byGroup.get(group);
    if (members != null) {
      members.remove(device);
      if (members.size() == 0) {
        byGroup.remove(group);
      }
    }
  }
}
