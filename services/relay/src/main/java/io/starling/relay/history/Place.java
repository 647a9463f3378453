package io.starling.relay.history;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where a row of the history stands; as text it is a cursor for those who turn pages. */
record Place(long atMillis, long epoch, long sequence) {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,15})-([0-9a-f]{1,15})-([0-9a-f]{1,16})");

  /** After all rows that anybody will write. */
  static final Place END = new Place(999_999_999_999_999L, Long.MAX_VALUE, Long.MAX_VALUE);

  /** Reads it; empty if it is none. */
  static Optional<Place> parse(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Place(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2), 16),
                Long.parseUnsignedLong(matcher.group(3), 16)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return atMillis + "-" + Long.toHexString(epoch) + "-" + Long.toHexString(sequence);
  }
}
