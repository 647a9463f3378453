package io.starling.webhooks.attempt;

import java.util.Optional;
import java.util.regex.Pattern;

/** A place in the log of one integration, behind which a page goes on. */
record AttemptPlace(long atMillis, long id) {
  private static final Pattern FORM = Pattern.compile("([0-9a-f]{1,13})-([0-9a-f]{1,16})");

  /** Before the latest of all that happened before a time. */
  static AttemptPlace before(long millis) {
    return new AttemptPlace(millis, Long.MIN_VALUE);
  }

  /** Empty if it is none. */
  static Optional<AttemptPlace> parse(String text) {
    var form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new AttemptPlace(
                Long.parseLong(form.group(1), 16), Long.parseUnsignedLong(form.group(2), 16)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return Long.toHexString(atMillis) + "-" + Long.toHexString(id);
  }
}
