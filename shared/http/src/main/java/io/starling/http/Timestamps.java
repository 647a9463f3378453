package io.starling.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as the API writes them: ISO 8601, UTC, always with milliseconds. */
public final class Timestamps {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** Writes one, such as {@code 2026-01-02T03:04:05.678Z}. */
  public static String of(Instant time) {
    return MILLIS.format(time);
  }

  /** Writes milliseconds since 1970. */
  public static String of(long millis) {
    return of(Instant.ofEpochMilli(millis));
  }
}
