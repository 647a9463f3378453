package io.starling.connection.trace;

import java.util.ArrayDeque;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One trace under way: what was seen and not read yet, within its bounds, and how much was left
 * out. Thread-safe; whoever writes never waits for who reads.
 */
final class Trace {
  static final int LINES_PER_SECOND = 200;
  static final int MOST_UNREAD = 1_000;

  private static final long SECOND_NANOS = 1_000_000_000;

  private final Asked asked;
  private final LongSupplier nanos;
  private final DoubleSupplier random;
  private final Runnable news;
  private final long startNanos;
  private final ArrayDeque<String> unread = new ArrayDeque<>();
  private long secondNanos;
  private int inSecond;
  private long shown;
  private long notSampled;
  private long tooMany;
  private long unreadable;

  /**
   * What became of what matched.
   *
   * @param shown lines
   * @param notSampled left out because only a share is wanted
   * @param tooMany left out because there were too many in a second
   * @param unreadable left out because nobody read those before
   */
  record Counts(long shown, long notSampled, long tooMany, long unreadable) {
    /** What nobody wanted to miss. */
    long lost() {
      return tooMany + unreadable;
    }
  }

  /**
   * A trace that begins now.
   *
   * @param nanos a clock that only goes forward
   * @param random from 0 to 1, 1 excluded
   * @param news told, by whoever writes, when there is something to read
   */
  Trace(Asked asked, LongSupplier nanos, DoubleSupplier random, Runnable news) {
    this.asked = asked;
    this.nanos = nanos;
    this.random = random;
    this.news = news;
    this.startNanos = nanos.getAsLong();
    this.secondNanos = startNanos;
  }

  Asked asked() {
    return asked;
  }

  /** Takes what was seen if it is about that, and its turn; only then a line is made of it. */
  void see(Sighting seen, Supplier<String> line) {
    if (asked.subject().matches(seen) && take(line)) {
      news.run();
    }
  }

  private synchronized boolean take(Supplier<String> line) {
    if (asked.share() < 1 && random.getAsDouble() >= asked.share()) {
      notSampled++;
      return false;
    }
    long now = nanos.getAsLong();
    if (now - secondNanos >= SECOND_NANOS) {
      secondNanos = now;
      inSecond = 0;
    }
    if (inSecond >= LINES_PER_SECOND) {
      tooMany++;
      return false;
    }
    if (unread.size() >= MOST_UNREAD) {
      unreadable++;
      return false;
    }
    inSecond++;
    shown++;
    unread.add(line.get());
    return true;
  }

  /** The next line; null if all is read. */
  synchronized @Nullable String next() {
    return unread.poll();
  }

  synchronized Counts counts() {
    return new Counts(shown, notSampled, tooMany, unreadable);
  }

  /** Tells whether its time is over. */
  boolean isOver() {
    return nanos.getAsLong() - startNanos >= asked.duration().toNanos();
  }
}
