package io.starling.webhooks.delivery;

import io.starling.contract.DeviceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Of which devices events were let go of, to be read again from the journal once those before them
 * have ended. While a device is in here, no event of it from its mark on is held or was started, so
 * that none overtakes what has to be read again.
 *
 * <p>Reading goes in passes: from the first mark of a device that is free again to where nothing
 * was looked at yet. Who could not be served in full stays for the next one. Bounded by a number of
 * devices. Pure but for its own state.
 */
final class Behind {
  /** The most devices, beyond which they hold up others. */
  static final int MOST = 1_024;

  private final Map<DeviceId, Gap> gaps = new HashMap<>();

  /** Where the pass that is under way goes on. */
  private @Nullable Mark at;

  private static final class Gap {
    /** The first event that is neither held nor started. */
    Mark from;

    /** Whether this pass leaves something of it behind itself: then it must take nothing more. */
    boolean missed;

    Gap(Mark from, boolean missed) {
      this.from = from;
      this.missed = missed;
    }
  }

  boolean isEmpty() {
    return gaps.isEmpty();
  }

  boolean hasRoom() {
    return gaps.size() < MOST;
  }

  boolean holds(DeviceId key) {
    return gaps.containsKey(key);
  }

  /** The first mark from where anything has to be read again. */
  Optional<Mark> lowest() {
    return gaps.values().stream().map(gap -> gap.from).min(Mark::compareTo);
  }

  /** An event of this device is let go of, and thereby all that follow it. */
  void add(DeviceId key, Mark mark) {
    boolean missed = at != null && mark.isBefore(at);
    var gap = gaps.get(key);
    if (gap == null) {
      gaps.put(key, new Gap(mark, missed));
    } else if (mark.isBefore(gap.from)) {
      gap.from = mark;
      gap.missed |= missed;
    }
  }

  /**
   * Where to read next.
   *
   * @param free tells of which devices nothing is held any more: for others it is too early
   * @return empty if there is nothing to read now
   */
  Optional<Mark> next(Predicate<DeviceId> free) {
    if (at == null) {
      var start =
          gaps.entrySet().stream()
              .filter(gap -> free.test(gap.getKey()))
              .map(gap -> gap.getValue().from)
              .min(Mark::compareTo);
      start.ifPresent(this::begin);
    }
    return Optional.ofNullable(at);
  }

  private void begin(Mark start) {
    at = start;
    gaps.values().forEach(gap -> gap.missed = gap.from.isBefore(start));
  }

  /** Tells whether an event is among those that were let go of. */
  boolean has(DeviceId key, Mark mark) {
    var gap = gaps.get(key);
    return gap != null && !mark.isBefore(gap.from);
  }

  /** Tells whether an event that was read is to be taken. */
  boolean wants(DeviceId key, Mark mark) {
    var gap = gaps.get(key);
    return gap != null && !gap.missed && !mark.isBefore(gap.from);
  }

  /** The event that it wanted is held now. */
  void took(DeviceId key, Mark mark) {
    var gap = gaps.get(key);
    if (gap != null) {
      gap.from = mark.after();
    }
  }

  /** There is no room for more of this device: the next pass brings the rest. */
  void miss(DeviceId key) {
    var gap = gaps.get(key);
    if (gap != null) {
      gap.missed = true;
    }
  }

  /** The pass goes on here. */
  void reach(Mark mark) {
    at = mark;
  }

  /** The pass has come to where nothing was looked at yet. */
  void end() {
    at = null;
    gaps.values().removeIf(gap -> !gap.missed);
  }

  void clear() {
    at = null;
    gaps.clear();
  }
}
