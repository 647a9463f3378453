package io.starling.bootstrap.cluster;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A hybrid logical clock: milliseconds since 1970 in the upper 48 bits, a counter below. Never goes
 * back, also when the wall clock does or when another node's clock is ahead ({@link #observe}).
 * Thread-safe.
 */
public final class EpochClock {
  private final InstantSource wall;
  private final AtomicLong last = new AtomicLong();

  /** A clock over a wall clock. */
  public EpochClock(InstantSource wall) {
    this.wall = wall;
    // Two processes, or one whose wall clock was set back, should not meet in the same value.
    last.set((wall.millis() << 16) | new SecureRandom().nextInt(1 << 12));
  }

  /** A value above every one that was given out or seen. */
  public long next() {
    return last.updateAndGet(before -> Math.max(before + 1, wall.millis() << 16));
  }

  /** Takes in a value of somebody else: what comes next is above it. */
  public void observe(long epoch) {
    last.accumulateAndGet(epoch, Math::max);
  }

  /** The time of an epoch, milliseconds since 1970. */
  public static long millis(long epoch) {
    return epoch >>> 16;
  }
}
