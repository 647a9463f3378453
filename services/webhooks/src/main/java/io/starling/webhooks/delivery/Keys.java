package io.starling.webhooks.delivery;

import io.starling.contract.DeviceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which deliveries wait for one before them, where those of one device go one after the other: a
 * device is busy from when its delivery is taken until that has ended. Knows a device only while
 * something of it is held. Pure but for its own state.
 */
final class Keys {

  private final Map<DeviceId, Key> keys = new HashMap<>();

  /** Those that are not busy and have something to take, the longest ready first. */
  private final Set<Key> ready = new LinkedHashSet<>();

  private long bytes;
  private int readyDeliveries;
  private long readyBytes;

  /** A device, while its deliveries are held. */
  static final class Key {
    private final DeviceId id;
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private boolean busy;
    private long bytes;

    private Key(DeviceId id) {
      this.id = id;
    }
  }

  /** Tells whether nothing waits and nobody is busy. */
  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Tells whether nothing of a device is held. */
  boolean isFree(DeviceId id) {
    return !keys.containsKey(id);
  }

  boolean isBusy(DeviceId id) {
    var key = keys.get(id);
    return key != null && key.busy;
  }

  /** How many of a device wait, beside the one that they wait for. */
  int waiting(DeviceId id) {
    var key = keys.get(id);
    return key == null ? 0 : key.waiting.size();
  }

  /** How many of all devices wait. */
  int waiting() {
    return keys.values().stream().mapToInt(key -> key.waiting.size()).sum();
  }

  /** What all that wait cost. */
  long bytes() {
    return bytes;
  }

  /** How many could be taken now. */
  int ready() {
    return readyDeliveries;
  }

  /** What those cost that could be taken now. */
  long readyBytes() {
    return readyBytes;
  }

  /** The one that could be taken first. */
  Optional<Delivery> first() {
    return ready.stream().findFirst().map(key -> key.waiting.element());
  }

  /** Behind all of its device. */
  void add(Delivery delivery) {
    var key = keys.computeIfAbsent(delivery.key(), Key::new);
    key.waiting.add(delivery);
    key.bytes += delivery.cost();
    bytes += delivery.cost();
    if (!key.busy) {
      readyDeliveries++;
      readyBytes += delivery.cost();
      var _ = ready.add(key);
    }
  }

  /**
   * Takes what goes out together: of one device only several if they go out as one.
   *
   * @param members where they are put
   * @param most how many members there may be
   * @param mostBytes what they may cost together, but for the first
   * @return their devices, busy until they are given to {@link #release}
   */
  List<Key> take(List<Delivery> members, int most, long mostBytes) {
    var taken = new ArrayList<Key>();
    long sum = 0;
    while (members.size() < most && !ready.isEmpty()) {
      var key = ready.iterator().next();
      if (!members.isEmpty() && sum + key.waiting.element().cost() > mostBytes) {
        break;
      }
      unready(key);
      key.busy = true;
      taken.add(key);
      while (members.size() < most && !key.waiting.isEmpty()) {
        int cost = key.waiting.element().cost();
        if (!members.isEmpty() && sum + cost > mostBytes) {
          break;
        }
        sum += cost;
        bytes -= cost;
        key.bytes -= cost;
        members.add(key.waiting.remove());
      }
    }
    return taken;
  }

  private void unready(Key key) {
    if (ready.remove(key)) {
      readyDeliveries -= key.waiting.size();
      readyBytes -= key.bytes;
    }
  }

  /** What was taken of these has ended: what waits for it is ready. */
  void release(List<Key> taken) {
    for (var key : taken) {
      key.busy = false;
      if (key.waiting.isEmpty()) {
        keys.remove(key.id);
      } else {
        readyDeliveries += key.waiting.size();
        readyBytes += key.bytes;
        var _ = ready.add(key);
      }
    }
  }

  /** Lets go of what waits, as far as those who are behind have room. */
  List<Delivery> shed(Behind behind) {
    var gone = new ArrayList<Delivery>();
    for (var key : List.copyOf(keys.values())) {
      if (!key.waiting.isEmpty() && (behind.holds(key.id) || behind.hasRoom())) {
        behind.add(key.id, key.waiting.element().mark);
        gone.addAll(forget(key));
      }
    }
    return gone;
  }

  /** Lets go of all that waits. */
  List<Delivery> clear() {
    var gone = new ArrayList<Delivery>();
    for (var key : List.copyOf(keys.values())) {
      gone.addAll(forget(key));
    }
    return gone;
  }

  private List<Delivery> forget(Key key) {
    unready(key);
    var gone = List.copyOf(key.waiting);
    key.waiting.clear();
    bytes -= key.bytes;
    key.bytes = 0;
    if (!key.busy) {
      keys.remove(key.id);
    }
    return gone;
  }
}
