package io.starling.relay.history;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an event stands among all that are kept, by time and then by identity; as text it is a
 * cursor for those who turn pages.
 *
 * @param origin empty: before all of that time
 */
record EventPlace(long atMillis, String origin, long epoch, long sequence) {
  private static final int RADIX = 36;
  private static final Pattern FORM =
      Pattern.compile("([0-9a-z]{1,10})-([0-9a-f]{24})?-([0-9a-f]{1,16})-([0-9a-f]{1,16})");
  private static final long MAX_MILLIS = 253_402_300_800_000L;

  /** Before everything that was published at a time or later. */
  static EventPlace before(long atMillis) {
    return new EventPlace(atMillis, "", 0, 0);
  }

  /** Reads it; empty if it is none. */
  static Optional<EventPlace> parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var at = Long.parseLong(matcher.group(1), RADIX);
    var origin = matcher.group(2) == null ? "" : matcher.group(2);
    return at > MAX_MILLIS
        ? Optional.empty()
        : Optional.of(
            new EventPlace(
                at,
                origin,
                Long.parseUnsignedLong(matcher.group(3), 16),
                Long.parseUnsignedLong(matcher.group(4), 16)));
  }

  @Override
  public String toString() {
    return Long.toString(atMillis, RADIX)
        + "-"
        + origin
        + "-"
        + Long.toHexString(epoch)
        + "-"
        + Long.toHexString(sequence);
  }
}
