package io.starling.api.history;

import io.starling.http.Exchange;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times as callers write them. */
public final class TimeText {
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  /** Where years have five digits. */
  private static final long MAX_MILLIS = 253_402_300_800_000L;

  private TimeText() {}

  /**
   * A time in the query, milliseconds since 1970.
   *
   * @throws IllegalArgumentException with what is wrong, for the caller
   */
  public static Optional<Long> query(Exchange exchange, String parameter) {
    return exchange.query(parameter).map(text -> read(parameter, text));
  }

  /**
   * A time, milliseconds since 1970.
   *
   * @param parameter what it is called
   * @throws IllegalArgumentException with what is wrong, for the caller
   */
  public static long read(String parameter, String text) {
    try {
      // A plus sign of a query is a space; there is no other in a time.
      long millis = millis(text.replace(' ', '+'));
      if (millis >= 0 && millis <= MAX_MILLIS) {
        return millis;
      }
    } catch (DateTimeException | ArithmeticException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        parameter
            + " must be a time such as 2026-01-02T03:04:05.678Z, a day such as 2026-01-02,"
            + " or milliseconds since 1970");
  }

  private static long millis(String text) {
    if (MILLIS.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    if (DATE.matcher(text).matches()) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
    return text.endsWith("Z")
        ? Instant.parse(text).toEpochMilli()
        : OffsetDateTime.parse(text).toInstant().toEpochMilli();
  }
}
