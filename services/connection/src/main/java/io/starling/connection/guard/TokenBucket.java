package io.starling.connection.guard;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Tokens that come at a rate and are kept up to a burst. A token that is not there yet may be
 * reserved: whoever does gets it in turn. Thread-safe; times are {@link System#nanoTime}'s.
 */
public final class TokenBucket {
  private static final double SECOND = 1e9;

  /** Up to when tokens are given away; before now by what is kept, at most by the burst. */
  private final AtomicLong spentUntil;

  private final double burst;
  private volatile double perSecond;

  /** A full bucket. */
  public TokenBucket(double perSecond, double burst, long nowNanos) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.spentUntil = new AtomicLong(nowNanos - nanos(burst));
  }

  private long nanos(double tokens) {
    return (long) (tokens * SECOND / perSecond);
  }

  /** Changes the rate from here on; what is kept counts for as much time as before. */
  public void rate(double now) {
    perSecond = now;
  }

  /** Takes a token if there is one. */
  public boolean take(long nowNanos) {
    return reserve(nowNanos, 0) == 0;
  }

  /**
   * Takes a token that is there, or that comes within a while.
   *
   * @return nanoseconds until it may be used, 0 if at once; negative if it was not taken
   */
  public long reserve(long nowNanos, long maxWaitNanos) {
    while (true) {
      long before = spentUntil.get();
      long earliest = nowNanos - nanos(burst);
      long after = (before - earliest < 0 ? earliest : before) + nanos(1);
      long wait = Math.max(0, after - nowNanos);
      if (wait > maxWaitNanos) {
        return -1;
      }
      if (spentUntil.compareAndSet(before, after)) {
        return wait;
      }
    }
  }

  /** Tells whether it is as good as a new one. */
  public boolean isFull(long nowNanos) {
    return nowNanos - spentUntil.get() >= nanos(burst);
  }
}
