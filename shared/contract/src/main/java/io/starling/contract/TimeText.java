package io.starling.contract;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * Times as they are told to people and programs: ISO 8601, UTC, always with milliseconds. Each
 * event that goes out bears one, and the formatters of {@code java.time} take longer for it than a
 * bare HTTP client takes for a fifth of its request. Pure.
 */
public final class TimeText {
  private static final long DAY_MILLIS = 86_400_000;

  private TimeText() {}

  /**
   * Writes a time of the years 0 to 9999, such as {@code 2026-01-02T03:04:05.678Z}.
   *
   * @param millis since 1970
   * @throws IllegalArgumentException if it is of another year
   */
  public static String of(long millis) {
    var day = LocalDate.ofEpochDay(Math.floorDiv(millis, DAY_MILLIS));
    if (day.getYear() < 0 || day.getYear() > 9_999) {
      throw new IllegalArgumentException("a time of the year " + day.getYear());
    }
    int left = (int) Math.floorMod(millis, DAY_MILLIS);
    byte[] text = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.ISO_8859_1);
    put(text, 4, day.getYear());
    put(text, 7, day.getMonthValue());
    put(text, 10, day.getDayOfMonth());
    put(text, 13, left / 3_600_000);
    put(text, 16, left / 60_000 % 60);
    put(text, 19, left / 1_000 % 60);
    put(text, 23, left % 1_000);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Puts the digits of a number over zeros. */
  private static void put(byte[] text, int end, int number) {
    int at = end;
    for (int left = number; left > 0; left /= 10) {
      text[--at] = (byte) ('0' + left % 10);
    }
  }
}
