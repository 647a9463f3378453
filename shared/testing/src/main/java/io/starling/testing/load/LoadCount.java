package io.starling.testing.load;

/**
 * What a load has done so far.
 *
 * @param tenths of those sent: with the tenth topic
 * @param unsent due, but its connection was lost or had too much in flight
 * @param lost connections that ended though nobody asked them to
 */
public record LoadCount(long sent, long tenths, long acked, long unsent, long lost, long nanos) {

  /** The difference to an earlier count. */
  public LoadCount since(LoadCount earlier) {
    return new LoadCount(
        sent - earlier.sent,
        tenths - earlier.tenths,
        acked - earlier.acked,
        unsent - earlier.unsent,
        lost - earlier.lost,
        nanos - earlier.nanos);
  }

  /** Of a difference: acknowledged messages a second. */
  public double ackedPerSecond() {
    return acked * 1e9 / nanos;
  }
}
