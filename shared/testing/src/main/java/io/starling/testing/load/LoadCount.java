package io.starling.testing.load;

/**
 * What a load has done so far.
 *
 * @param tenths of those sent: with the tenth topic
 * @param delivered what subscribers got
 * @param unsent due, but its connection was lost or had too much in flight
 * @param lost connections that ended though nobody asked them to
 */
public record LoadCount(
    long sent, long tenths, long acked, long delivered, long unsent, long lost, long nanos) {

  /** The difference to an earlier count. */
  public LoadCount since(LoadCount earlier) {
    return new LoadCount(
        sent - earlier.sent,
        tenths - earlier.tenths,
        acked - earlier.acked,
        delivered - earlier.delivered,
        unsent - earlier.unsent,
        lost - earlier.lost,
        nanos - earlier.nanos);
  }

  /** Of a difference: acknowledged messages a second. */
  public double ackedPerSecond() {
    return acked * 1e9 / nanos;
  }

  /** Of a difference: messages a second that subscribers got. */
  public double deliveredPerSecond() {
    return delivered * 1e9 / nanos;
  }
}
