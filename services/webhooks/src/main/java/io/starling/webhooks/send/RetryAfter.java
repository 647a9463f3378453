package io.starling.webhooks.send;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Retry-After}: seconds or a date (RFC 9110, section 10.2.3; the two obsolete
 * forms of a date are not understood). Pure.
 */
final class RetryAfter {
  /** Stands for every number of seconds that has more digits than anybody means. */
  private static final Duration VERY_LONG = Duration.ofSeconds(999_999_999);

  private static final int MOST_DIGITS = 9;

  private RetryAfter() {}

  /** What is asked for; null if it is missing, past or not understood. */
  static @Nullable Duration read(@Nullable String header, InstantSource clock) {
    if (header == null) {
      return null;
    }
    String text = header.strip();
    if (text.matches("[0-9]+")) {
      return text.length() > MOST_DIGITS ? VERY_LONG : Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      var at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      var now = clock.instant();
      return at.isAfter(now) ? Duration.between(now, at) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
