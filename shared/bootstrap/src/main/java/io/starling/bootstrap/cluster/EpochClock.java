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
  /** The lowest bits are the process's own, the four above them and all others count. */
  private static final int OWN_BITS = 12;

  private final InstantSource wall;
  private final long own;
  private final AtomicLong last = new AtomicLong();

  /** A clock over a wall clock. */
  public EpochClock(InstantSource wall) {
    this(wall, new SecureRandom().nextInt(1 << OWN_BITS));
  }

  /**
   * A clock of one process.
   *
   * @param own told apart from others by it: two that have seen the same epoch both go on from
   *     there, and must not come to the same one
   */
  EpochClock(InstantSource wall, int own) {
    this.wall = wall;
    this.own = own;
    last.set((wall.millis() << 16) | own);
  }

  /** A value above every one that was given out or seen. */
  public long next() {
    return last.updateAndGet(
        before -> Math.max(((before >>> OWN_BITS) + 1) << OWN_BITS, wall.millis() << 16) | own);
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
