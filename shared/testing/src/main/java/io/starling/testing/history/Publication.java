package io.starling.testing.history;

/**
 * One event that a device handed to the cloud.
 *
 * @param device its number in the fleet
 * @param number counted from 0 in the device, in the order of publishing
 * @param session the connection that carried it, counted in the device; one that the device sends
 *     again after a lost connection belongs to session 0 for all its life
 * @param invokedNanos when it was handed over; also written into the payload, so that an event can
 *     be told from one of another run
 * @param ackedNanos when it was acknowledged; {@link #NEVER}: it was not, and may have arrived
 */
public record Publication(int device, int number, int session, long invokedNanos, long ackedNanos) {
  /** No acknowledgement came. */
  public static final long NEVER = Long.MIN_VALUE;

  /** Whether the cloud has promised to keep it. */
  public boolean isAcked() {
    return ackedNanos != NEVER;
  }

  /** {@code <device>-<number>}, as in the payload. */
  public String key() {
    return device + "-" + number;
  }

  /** Whether every sink has to show this one before the other one, of the same device. */
  public boolean precedes(Publication other) {
    return isAcked()
        && number < other.number
        && (session == other.session || ackedNanos - other.invokedNanos < 0);
  }
}
