package io.starling.connection.guard;

/**
 * Clients that come again and again: beyond so many times in a minute each CONNECT of them waits,
 * longer each time. Asked after the credentials, so that nobody can make others wait. Not
 * thread-safe.
 */
public final class Flapping {
  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final int MOST_REMEMBERED = 100_000;
  private static final long STEP_MILLIS = 500;

  /** Below what clients wait for a CONNACK: else they come back all the sooner. */
  private static final long MOST_MILLIS = 5_000;

  private final int free;
  private final Recent connects;

  /**
   * None yet.
   *
   * @param free how many times a minute a client may come at once, 0: any number
   */
  public Flapping(int free) {
    this.free = free;
    this.connects = new Recent(free, WINDOW_NANOS, MOST_REMEMBERED);
  }

  /** It comes; how many milliseconds it has to wait. */
  public long connects(String key, long nowNanos) {
    if (free == 0) {
      return 0;
    }
    double tooMany = connects.add(key, nowNanos) - free;
    return tooMany <= 0 ? 0 : (long) Math.min(MOST_MILLIS, Math.ceil(tooMany) * STEP_MILLIS);
  }
}
