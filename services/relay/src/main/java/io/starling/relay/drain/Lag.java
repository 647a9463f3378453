package io.starling.relay.drain;

import io.starling.journal.Position;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * For how long something has been waiting between a place in a log and its end, by this process's
 * own monotonic clock: who published it may have another idea of the time. Belongs to one event
 * loop; {@link #millis} may be asked by any thread and is then a moment old.
 */
final class Lag {
  private static final long NOTHING_WAITS = -1;

  /** Where the log ended at a moment: whoever gets there has waited since then, at most. */
  private @Nullable Position goal;

  private long goalNanos;

  /** Whether a goal was reached: before it, nobody here knows how old what waits is. */
  private boolean known;

  /** How old what waits was at a moment, and that moment; -1: nothing waits. */
  private volatile Waiting waiting = new Waiting(NOTHING_WAITS, 0);

  private record Waiting(long millis, long sinceNanos) {}

  /**
   * One stands here, and the log ends there.
   *
   * @param nowNanos never before that of the call before
   */
  void note(Position at, Position end, long nowNanos) {
    if (at.compareTo(end) >= 0) {
      goal = null;
      known = true;
      waiting = new Waiting(NOTHING_WAITS, nowNanos);
      return;
    }
    boolean reached = goal != null && at.compareTo(goal) >= 0;
    if (reached) {
      known = true;
      waiting = new Waiting(0, goalNanos);
    } else if (waiting.millis == NOTHING_WAITS) {
      waiting = new Waiting(0, nowNanos);
    }
    if (goal == null || reached) {
      goal = end;
      goalNanos = nowNanos;
    }
  }

  /**
   * What was found waiting is so old by its publisher's clock. That is more exact than what was
   * seen here, which is the most that it can be, once enough has been seen.
   */
  void found(long ageMillis, long nowNanos) {
    long age = Math.max(0, ageMillis);
    waiting = new Waiting(known ? Math.min(age, millis(nowNanos)) : age, nowNanos);
  }

  /** Of the oldest that waits; 0 if nothing does. */
  long millis(long nowNanos) {
    var now = waiting;
    return now.millis == NOTHING_WAITS
        ? 0
        : now.millis + TimeUnit.NANOSECONDS.toMillis(nowNanos - now.sinceNanos);
  }
}
