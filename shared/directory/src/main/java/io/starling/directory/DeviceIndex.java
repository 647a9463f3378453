package io.starling.directory;

import io.starling.contract.DeviceId;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The devices of one owner or of one product, in the order of their ids, and found by how names,
 * serial numbers and ids begin, and by group, without going through all. Readers on any thread; one
 * writer at a time.
 */
public final class DeviceIndex {
  private static final DeviceIndex EMPTY = new DeviceIndex();

  /** Stands in no text of a device, and before everything that does. */
  private static final char END = '\u0000';

  private final ConcurrentSkipListMap<DeviceId, Entry.Device> byId = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, Entry.Device> byName = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, Entry.Device> bySerial =
      new ConcurrentSkipListMap<>();
  private final Map<String, ConcurrentSkipListMap<DeviceId, Entry.Device>> byGroup =
      new ConcurrentHashMap<>();

  DeviceIndex() {}

  /** Nothing. */
  static DeviceIndex empty() {
    return EMPTY;
  }

  /** All, by id. */
  public Collection<Entry.Device> all() {
    return byId.values();
  }

  /** How many there are, without counting. */
  public int size() {
    return byId.size();
  }

  /** The same, from the highest id on. */
  public Stream<Entry.Device> descending() {
    return byId.descendingMap().values().stream();
  }

  /** Those in a group, by id. */
  public Collection<Entry.Device> inGroup(String group) {
    var found = byGroup.get(group);
    return found == null ? Map.<DeviceId, Entry.Device>of().values() : found.values();
  }

  /** Those that have a name, by it, whatever its case. */
  public Collection<Entry.Device> named() {
    return byName.values();
  }

  /** Those whose id begins so, by id; the prefix is of lower-case hexadecimal digits. */
  public Collection<Entry.Device> idStarts(String prefix) {
    if (!prefix.matches("[0-9a-f]{1,24}")) {
      return Map.<DeviceId, Entry.Device>of().values();
    }
    var from = DeviceId.of(prefix + "0".repeat(24 - prefix.length()));
    var to = DeviceId.of(prefix + "f".repeat(24 - prefix.length()));
    return byId.subMap(from, true, to, true).values();
  }

  /** Those whose name begins so, whatever its case, by name. */
  public Collection<Entry.Device> nameStarts(String prefix) {
    return starts(byName, prefix);
  }

  /** Those whose serial number begins so, whatever its case, by it. */
  public Collection<Entry.Device> serialStarts(String prefix) {
    return starts(bySerial, prefix);
  }

  private static Collection<Entry.Device> starts(
      ConcurrentSkipListMap<String, Entry.Device> index, String prefix) {
    String from = prefix.toLowerCase(Locale.ROOT);
    return index.subMap(from, true, from + Character.MAX_VALUE, false).values();
  }

  /** Finds the one with exactly this name; of several the lowest id. */
  public Optional<Entry.Device> named(String name) {
    String key = name.toLowerCase(Locale.ROOT) + END;
    return byName.subMap(key, true, key + Character.MAX_VALUE, false).values().stream()
        .filter(device -> name.equals(device.name()))
        .findFirst();
  }

  /** Finds the one with exactly this serial number. */
  public Optional<Entry.Device> withSerial(String serialNumber) {
    String key = serialNumber.toLowerCase(Locale.ROOT) + END;
    return bySerial.subMap(key, true, key + Character.MAX_VALUE, false).values().stream()
        .filter(device -> serialNumber.equals(device.settings().serialNumber()))
        .findFirst();
  }

  Optional<Entry.Device> find(DeviceId id) {
    return Optional.ofNullable(byId.get(id));
  }

  void put(Entry.Device device) {
    var before = byId.put(device.id(), device);
    index(device);
    if (before != null) {
      forget(before, device);
    }
  }

  void remove(DeviceId id) {
    var before = byId.remove(id);
    if (before != null) {
      forget(before, null);
    }
  }

  private void index(Entry.Device device) {
    if (device.name() != null) {
      byName.put(key(device.name(), device.id()), device);
    }
    if (device.settings().serialNumber() != null) {
      bySerial.put(key(device.settings().serialNumber(), device.id()), device);
    }
    for (String group : device.settings().groups()) {
      byGroup
          .computeIfAbsent(group, absent -> new ConcurrentSkipListMap<>())
          .put(device.id(), device);
    }
  }

  /** Takes a device out of what it is not in any more. */
  private void forget(Entry.Device before, Entry.@Nullable Device now) {
    if (before.name() != null
        && (now == null || now.name() == null || !sameKey(before.name(), now.name()))) {
      byName.remove(key(before.name(), before.id()));
    }
    String serial = before.settings().serialNumber();
    String next = now == null ? null : now.settings().serialNumber();
    if (serial != null && (next == null || !sameKey(serial, next))) {
      bySerial.remove(key(serial, before.id()));
    }
    for (String group : before.settings().groups()) {
      if (now == null || !now.settings().groups().contains(group)) {
        leave(group, before.id());
      }
    }
  }

  private void leave(String group, DeviceId id) {
    var members = byGroup.get(group);
    if (members != null) {
      members.remove(id);
      if (members.isEmpty()) {
        byGroup.remove(group);
      }
    }
  }

  private static boolean sameKey(String one, String other) {
    return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
  }

  private static String key(String text, DeviceId id) {
    return text.toLowerCase(Locale.ROOT) + END + id;
  }
}
