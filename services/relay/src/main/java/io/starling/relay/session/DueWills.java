package io.starling.relay.session;

import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The wills whose connections are over and that are not known to be in the journal yet. Changed on
 * the log's thread, read from any.
 */
final class DueWills {
  private final Map<String, List<DueWill>> wills = new ConcurrentHashMap<>();
  private volatile long bytes;

  /** What they take of the heap, about. */
  long bytes() {
    return bytes;
  }

  /** Those of a session; nearly always none. */
  List<DueWill> of(String key) {
    return wills.getOrDefault(key, List.of());
  }

  /** Some of those whose time has come. */
  List<DueWill> due(long nowMillis, int most) {
    var due = new ArrayList<DueWill>();
    for (var ofSession : wills.values()) {
      for (var will : ofSession) {
        if (will.isDue(nowMillis) && due.size() < most) {
          due.add(will);
        }
      }
    }
    return due;
  }

  void add(DueWill will) {
    change(will.key(), will, List.of());
  }

  void remove(String key, long epoch) {
    change(key, null, of(key).stream().filter(will -> will.epoch() == epoch).toList());
  }

  /**
   * The session goes on, or begins anew: then its wills are due. One that waits for its delay is
   * not published if the session goes on (MQTT-3.1.3-9).
   */
  void supersede(String key, long belowEpoch, boolean cleanStart, long atMillis) {
    for (var will : of(key)) {
      if (will.epoch() < belowEpoch && !will.isDue(atMillis)) {
        boolean goesOn = !cleanStart && will.will().delaySeconds() > 0;
        change(key, goesOn ? null : will.now(), List.of(will));
      }
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  private void change(String key, @Nullable DueWill added, List<DueWill> removed) {
    var after = new ArrayList<>(of(key));
    after.removeAll(removed);
    removed.forEach(will -> bytes -= weight(will));
    if (added != null) {
      after.add(added);
      bytes += weight(added);
    }
    if (after.isEmpty()) {
      wills.remove(key);
    } else {
      wills.put(key, List.copyOf(after));
    }
  }

  private static long weight(DueWill will) {
    return will.will().event().length();
  }

  /** All of them. */
  List<DueWill> all() {
    return wills.values().stream().flatMap(List::stream).toList();
  }

  void readFrom(DataInput in) throws IOException {
    clear();
    Values.readAll(in, DueWill::readFrom).forEach(this::add);
  }

  void clear() {
    wills.clear();
    bytes = 0;
  }
}
