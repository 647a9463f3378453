package io.starling.accounts.audit;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where a row stands.
 *
 * @param atMicros since 1970
 */
record Place(long atMicros, UUID id) {
  /** Behind all rows. In the year 9999, which every partition is before. */
  static final Place END = new Place(253_402_300_799_000_000L, new UUID(-1, -1));

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9a-f-]{36})");

  static Optional<Place> parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      var place = new Place(Long.parseLong(form.group(1)), UUID.fromString(form.group(2)));
      return Optional.of(place).filter(it -> it.atMicros() <= END.atMicros());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return atMicros + "-" + id;
  }
}
