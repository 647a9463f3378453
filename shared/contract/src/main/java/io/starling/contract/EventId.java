package io.starling.contract;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An event's identity, made where the event entered. The same id twice is the same event, so
 * sending again is harmless everywhere downstream.
 *
 * @param origin the device, or for events of apps and of the cloud an id of the process that took
 *     them in
 * @param epoch the session's epoch (a hybrid logical clock value)
 * @param sequence counts within that session, from 1; the last ones of all are not published by the
 *     session itself
 */
public record EventId(DeviceId origin, long epoch, long sequence) {
  /** Of a session's will. */
  public static final long WILL = Long.MAX_VALUE;

  /** Of the event that tells that a session's connection is over. */
  public static final long OFFLINE = WILL - 1;

  /** Of the event that tells that a session has a connection. */
  public static final long ONLINE = WILL - 2;

  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{24})-([0-9a-f]{1,16})-([0-9a-f]{1,16})");

  /** Reads what {@link #toString} writes; empty if it is no such text. */
  public static Optional<EventId> parse(String text) {
    var form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new EventId(
                DeviceId.of(form.group(1)),
                Long.parseUnsignedLong(form.group(2), 16),
                Long.parseUnsignedLong(form.group(3), 16)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return origin + "-" + Long.toHexString(epoch) + "-" + Long.toHexString(sequence);
  }
}
