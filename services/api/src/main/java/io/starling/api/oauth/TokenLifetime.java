package io.starling.api.oauth;

import io.starling.http.Fields;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/** How long a token shall live, as {@code expires_in} or {@code expires_at} ask. */
final class TokenLifetime {
  static final long NEVER_ENDS = 0;
  static final long DEFAULT_SECONDS = 7_776_000;
  private static final long MAX_SECONDS = 100L * 365 * 86_400;

  private TokenLifetime() {}

  /** Seconds, 0 for ever; empty if what was asked for makes no sense. */
  static OptionalLong of(Fields fields, Instant now) {
    if (fields.has("expires_in")) {
      return fields
          .number("expires_in")
          .filter(seconds -> seconds >= 0)
          .map(seconds -> OptionalLong.of(Math.min(seconds, MAX_SECONDS)))
          .orElse(OptionalLong.empty());
    }
    return fields
        .text("expires_at")
        .map(text -> until(text, now))
        .orElse(OptionalLong.of(DEFAULT_SECONDS));
  }

  private static OptionalLong until(String text, Instant now) {
    try {
      Instant end =
          text.length() <= 10
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      long seconds = end.getEpochSecond() - now.getEpochSecond();
      return seconds > 0 ? OptionalLong.of(Math.min(seconds, MAX_SECONDS)) : OptionalLong.empty();
    } catch (DateTimeException _) {
      return OptionalLong.empty();
    }
  }
}
