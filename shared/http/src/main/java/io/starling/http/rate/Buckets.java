package io.starling.http.rate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A token bucket for each of the last {@link #MAX_KEYS} who came: it holds as many as the rate's
 * permits, and fills evenly. Kept as the one moment at which it will be full (the generic cell rate
 * algorithm). Thread-safe.
 */
final class Buckets {
  static final int MAX_KEYS = 20_000;

  private final Rate rate;
  private final long windowNanos;
  private final LongSupplier nanos;
  private final Map<String, Long> fullAt =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_KEYS;
        }
      };

  Buckets(Rate rate, LongSupplier nanos) {
    this.rate = rate;
    this.windowNanos = rate.window().toNanos();
    this.nanos = nanos;
  }

  /**
   * What a bucket held when something was taken.
   *
   * @param taken false if it was empty
   * @param remaining what may be taken now
   * @param fullIn when all of it may be
   * @param nextIn when the next may be; zero if now
   */
  record Level(boolean taken, int remaining, Duration fullIn, Duration nextIn) {}

  synchronized Level take(String key) {
    long now = nanos.getAsLong();
    Long known = fullAt.get(key);
    long debt = known == null ? 0 : Math.max(0, known - now);
    long one = windowNanos / rate.permits();
    long after = debt + one;
    boolean taken = after <= windowNanos;
    if (taken) {
      fullAt.put(key, now + after);
    }
    long owed = taken ? after : debt;
    return new Level(
        taken,
        (int) ((windowNanos - owed) / one),
        Duration.ofNanos(owed),
        Duration.ofNanos(Math.max(0, owed + one - windowNanos)));
  }

  synchronized int size() {
    return fullAt.size();
  }
}
