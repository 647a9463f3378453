package io.starling.webhooks.send;

/**
 * What the time of an attempt went into. What it did not come to is 0, and so are connecting and
 * TLS where a connection was used that had been kept open.
 *
 * @param resolveMillis until the addresses of the host were known
 * @param connectMillis until TCP was connected, addresses that did not answer included
 * @param tlsMillis the handshake
 * @param firstByteMillis from the request until the head of the answer
 * @param totalMillis all of it, the rest of the answer included
 */
public record Timing(
    long resolveMillis,
    long connectMillis,
    long tlsMillis,
    long firstByteMillis,
    long totalMillis) {
  /** That of an attempt that was none. */
  public static final Timing NONE = new Timing(0, 0, 0, 0, 0);
}
