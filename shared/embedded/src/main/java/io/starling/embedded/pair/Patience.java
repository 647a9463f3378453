package io.starling.embedded.pair;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * For how long something has been wrong. Time alone proves nothing: if this process itself was
 * frozen, the clock has run and nobody has looked; so something must have been seen a few times in
 * a row as well.
 *
 * <p>Not thread-safe.
 */
final class Patience {
  static final int TIMES = 3;

  private final Map<String, Long> lastGood = new HashMap<>();
  private final Map<String, Integer> timesBad = new HashMap<>();

  /** Since when something was wrong, and how often in a row it was seen to be. */
  record Wrong(Duration time, int times) {
    static final Wrong NOTHING = new Wrong(Duration.ZERO, 0);

    boolean isFor(Duration limit) {
      return times >= TIMES && time.compareTo(limit) >= 0;
    }
  }

  /**
   * @param nanos of {@link System#nanoTime}
   */
  Wrong note(String what, boolean good, long nanos) {
    if (good) {
      lastGood.put(what, nanos);
      timesBad.remove(what);
      return Wrong.NOTHING;
    }
    long since = lastGood.computeIfAbsent(what, _ -> nanos);
    int times = timesBad.merge(what, 1, Integer::sum);
    return new Wrong(Duration.ofNanos(nanos - since), times);
  }

  /** Starts anew. */
  void forget() {
    lastGood.clear();
    timesBad.clear();
  }
}
