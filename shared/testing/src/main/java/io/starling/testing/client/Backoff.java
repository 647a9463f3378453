package io.starling.testing.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: the n-th wait is drawn evenly from zero to {@code first *
 * 2^n}, at most {@code longest}. Waits without a limit on their number: a device never gives up.
 */
public record Backoff(Duration first, Duration longest) {
  public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  public Backoff {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("back-off from " + first + " to " + longest);
    }
  }

  /** The wait before the attempt of this number, counted from 0. */
  public Duration delay(int attempt, RandomGenerator random) {
    var doublings = Math.min(attempt, 30);
    var ceiling = Math.min(longest.toMillis(), first.toMillis() << doublings);
    return Duration.ofMillis(random.nextLong(ceiling + 1));
  }
}
