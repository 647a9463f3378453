package io.starling.bootstrap.cluster;

/**
 * Who holds a client's session, or held it last.
 *
 * @param gateway where it is (or was) connected
 * @param epoch of that connection; the highest owns the session
 * @param online whether the connection stands
 * @param lastHeardMillis when anything came from it, as known at the last change; milliseconds
 *     since 1970
 * @param keepAliveSeconds within one and a half times of which something comes from it; 0: none
 * @param address the client's address, without port
 */
public record SessionEntry(
    String gateway,
    long epoch,
    boolean online,
    long lastHeardMillis,
    int keepAliveSeconds,
    String address) {

  /** One without a keep alive. */
  public SessionEntry(
      String gateway, long epoch, boolean online, long lastHeardMillis, String address) {
    this(gateway, epoch, online, lastHeardMillis, 0, address);
  }

  /** The same, over. */
  SessionEntry ended() {
    return new SessionEntry(gateway, epoch, false, lastHeardMillis, keepAliveSeconds, address);
  }

  /** Whether another entry of the same client takes this one's place: unless this is newer. */
  public boolean yieldsTo(SessionEntry other) {
    return epoch <= other.epoch;
  }

  /** When the connection was made, milliseconds since 1970. */
  public long connectedAtMillis() {
    return EpochClock.millis(epoch);
  }

  /** The form in which the map {@code sessions} keeps it. */
  public String write() {
    return gateway
        + "|"
        + epoch
        + "|"
        + online
        + "|"
        + lastHeardMillis
        + "|"
        + keepAliveSeconds
        + "|"
        + address;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static SessionEntry read(String text) {
    String[] parts = text.split("\\|", 6);
    if (parts.length < 6) {
      throw new IllegalArgumentException("not a session's entry");
    }
    return new SessionEntry(
        parts[0],
        Long.parseLong(parts[1]),
        Boolean.parseBoolean(parts[2]),
        Long.parseLong(parts[3]),
        Integer.parseInt(parts[4]),
        parts[5]);
  }
}
