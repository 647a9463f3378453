package io.starling.testing.fault;

import java.time.Duration;

/** What may pass in one direction of a proxy. Thread-safe; shared by all its connections. */
final class Valve {
  private static final long NO_CUT = -1;

  private boolean held;
  private long delayNanos;
  private int bytesPerSecond;
  private double budget;
  private long filledAt;
  private long cutIn = NO_CUT;
  private long passed;

  /** How many bytes may go now, and whether the connection is to be cut behind them. */
  record Grant(int bytes, boolean cut) {}

  synchronized void hold() {
    held = true;
  }

  synchronized void release() {
    held = false;
    bytesPerSecond = 0;
    delayNanos = 0;
  }

  synchronized void limit(int perSecond) {
    if (perSecond < 1) {
      throw new IllegalArgumentException("at least 1 byte a second, got " + perSecond);
    }
    bytesPerSecond = perSecond;
    budget = 0;
    filledAt = System.nanoTime();
  }

  synchronized void delay(Duration by) {
    delayNanos = by.toNanos();
  }

  synchronized void cutAfter(long bytes) {
    cutIn = bytes;
  }

  synchronized long passed() {
    return passed;
  }

  /** Takes up to so many bytes that arrived at this time. */
  synchronized Grant take(int wanted, long arrivedNanos) {
    var now = System.nanoTime();
    if (held || now - arrivedNanos < delayNanos) {
      return new Grant(0, false);
    }
    var bytes = wanted;
    if (bytesPerSecond > 0) {
      var earned = (now - filledAt) / 1e9 * bytesPerSecond;
      budget = Math.min(bytesPerSecond, budget + earned);
      filledAt = now;
      bytes = (int) Math.min(bytes, budget);
      budget -= bytes;
    }
    var cut = cutIn != NO_CUT && bytes >= cutIn;
    if (cut) {
      bytes = (int) cutIn;
      cutIn = NO_CUT;
    } else if (cutIn != NO_CUT) {
      cutIn -= bytes;
    }
    passed += bytes;
    return new Grant(bytes, cut);
  }
}
