package io.starling.http;

import io.starling.contract.TimeText;
import java.time.Instant;

/** Times as the API writes them: ISO 8601, UTC, always with milliseconds. */
public final class Timestamps {
  private Timestamps() {}

  /** Writes one, such as {@code 2026-01-02T03:04:05.678Z}. */
  public static String of(Instant time) {
    return of(time.toEpochMilli());
  }

  /** Writes milliseconds since 1970. */
  public static String of(long millis) {
    return TimeText.of(millis);
  }
}
