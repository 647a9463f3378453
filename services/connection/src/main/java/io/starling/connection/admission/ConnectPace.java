package io.starling.connection.admission;

/**
 * How many clients a second may come in, by how late the event loop is: a little more after each
 * look that finds it in time, a third less after one that finds it late. Not thread-safe.
 */
final class ConnectPace {
  /** Below this the loop has time to spare. */
  static final long IN_TIME_NANOS = 25_000_000;

  /** From this on others would notice. */
  static final long LATE_NANOS = 100_000_000;

  /** Never so slow that clients could not come back at all, while something else loads the loop. */
  private static final double LEAST_SHARE = 0.1;

  private static final double RAISE_SHARE = 0.01;
  private static final double CUT = 0.67;

  private final double max;
  private double perSecond;

  /** Starts at the least rate: a process that has just begun is at its slowest. */
  ConnectPace(double max) {
    this.max = max;
    this.perSecond = LEAST_SHARE * max;
  }

  /** Takes in one look at the loop, and returns the rate from here on. */
  double observe(long lagNanos) {
    if (lagNanos >= LATE_NANOS) {
      perSecond = Math.max(LEAST_SHARE * max, CUT * perSecond);
    } else if (lagNanos <= IN_TIME_NANOS) {
      perSecond = Math.min(max, perSecond + RAISE_SHARE * max);
    }
    return perSecond;
  }

  double perSecond() {
    return perSecond;
  }
}
