package io.starling.connection.guard;

/**
 * Wrong credentials, by name and by address: after some in a minute each further one is told later,
 * twice as late each time. Right ones are never held up, so that nobody can lock a device out by
 * trying to get in under its name. Not thread-safe.
 */
public final class Failures {
  /** An address may be that of many devices. */
  private static final int OF_AN_ADDRESS = 10;

  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final int MOST_REMEMBERED = 50_000;
  private static final long FIRST_MILLIS = 250;
  private static final int MOST_DOUBLINGS = 10;

  private final int free;
  private final long mostMillis;
  private final Recent byName;
  private final Recent byAddress;

  /**
   * None yet.
   *
   * @param free how many of a name in a minute are answered at once; ten times as many of an
   *     address
   * @param mostMillis how late an answer is at most
   */
  public Failures(int free, long mostMillis) {
    this.free = free;
    this.mostMillis = mostMillis;
    this.byName = new Recent(free, WINDOW_NANOS, MOST_REMEMBERED);
    this.byAddress = new Recent(OF_AN_ADDRESS * free, WINDOW_NANOS, MOST_REMEMBERED);
  }

  /** One more; how many milliseconds later it is to be told. */
  public long failed(String name, String address, long nowNanos) {
    double ofName = byName.add(name, nowNanos) - free;
    double ofAddress = byAddress.add(address, nowNanos) - OF_AN_ADDRESS * free;
    return delay(Math.max(ofName, ofAddress));
  }

  private long delay(double tooMany) {
    if (tooMany <= 0) {
      return 0;
    }
    int doublings = (int) Math.min(MOST_DOUBLINGS, tooMany);
    return Math.min(mostMillis, FIRST_MILLIS << doublings);
  }

  /** Right ones: the name has a clean sheet again; the address, which may be an attacker's, not. */
  public void succeeded(String name) {
    byName.forget(name);
  }
}
