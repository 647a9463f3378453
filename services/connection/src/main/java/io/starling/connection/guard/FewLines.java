package io.starling.connection.guard;

/** Lets few lines of a kind into the log: ten in ten seconds. Not thread-safe. */
public final class FewLines {
  private static final long WINDOW_MILLIS = 10_000;
  private static final int LINES = 10;

  private long windowStart = Long.MIN_VALUE / 2;
  private int lines;

  /** Tells whether the next one may be written. */
  public boolean next(long nowMillis) {
    if (nowMillis - windowStart > WINDOW_MILLIS) {
      windowStart = nowMillis;
      lines = 0;
    }
    return ++lines <= LINES;
  }
}
