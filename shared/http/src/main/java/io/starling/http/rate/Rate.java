package io.starling.http.rate;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * So many in such a time.
 *
 * @param permits 0 for any number
 */
public record Rate(int permits, Duration window) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})/(\\d{1,4})([smh])");

  /** A positive window, no negative number. */
  public Rate {
    if (permits < 0 || window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("must be a number of requests in a positive time");
    }
  }

  /** Any number. */
  public static Rate unlimited() {
    return new Rate(0, Duration.ofMinutes(5));
  }

  /** Reads {@code 100/5m}, {@code 50/1h}, {@code 10/1s}; {@code off} for any number. */
  public static Rate parse(String text) {
    String stripped = text.strip();
    if (stripped.equals("off")) {
      return unlimited();
    }
    var parts = TEXT.matcher(stripped);
    if (!parts.matches()) {
      throw new IllegalArgumentException("must be a rate such as 10/1s, 100/5m or 50/1h, or off");
    }
    long amount = Long.parseLong(parts.group(2));
    return new Rate(
        Integer.parseInt(parts.group(1)),
        switch (parts.group(3)) {
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        });
  }

  /** Tells whether any number is allowed. */
  public boolean isUnlimited() {
    return permits == 0;
  }
}
