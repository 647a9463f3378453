package io.starling.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far back a log is older than a time, from a bounded number of samples. Not thread-safe.
 */
final class AgeIndex {
  /** Retention is overshot by a 256th at most. */
  private static final int RESOLUTION = 256;

  private final long stepMillis;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private @Nullable Sample newest;
  private long aged = -1;

  /** All entries up to this index were written at this time or before. */
  private record Sample(long index, long millis) {}

  AgeIndex(Duration retention) {
    this.stepMillis = retention.toMillis() / RESOLUTION;
  }

  void add(long index, long millis) {
    Sample before = newest;
    // the leader's clock may have been set back
    newest = new Sample(index, before == null ? millis : Math.max(millis, before.millis));
    Sample last = samples.peekLast();
    if (last == null || newest.millis - last.millis >= stepMillis) {
      if (before != null && (last == null || before.index > last.index)) {
        samples.addLast(before); // what came before a pause is as old as the pause
      }
      samples.addLast(newest);
    }
  }

  /**
   * The last index known to be written at this time or before, or -1. The time must not go back.
   */
  long lastNotAfter(long millis) {
    Sample oldest = samples.peekFirst();
    while (oldest != null && oldest.millis <= millis) {
      aged = oldest.index;
      samples.removeFirst();
      oldest = samples.peekFirst();
    }
    if (newest != null && newest.millis <= millis) {
      aged = newest.index;
    }
    return aged;
  }
}
