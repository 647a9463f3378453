package io.starling.api.usage;

import io.starling.api.history.TimeText;
import io.starling.contract.HistoryRequest;
import io.starling.http.Exchange;
import java.time.Duration;
import java.time.InstantSource;

/** From when until when, and in which steps. */
record Period(long startMillis, long endMillis, boolean byDay) {
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final long HOURS_MILLIS = Duration.ofDays(1).toMillis();
  private static final long DAYS_MILLIS = Duration.ofDays(30).toMillis();

  /**
   * A day of hours, or thirty days, unless the query says otherwise.
   *
   * @throws IllegalArgumentException with what is wrong, for the caller
   */
  static Period of(Exchange exchange, InstantSource clock) {
    String by = exchange.query("by").orElse("hour");
    if (!by.equals("hour") && !by.equals("day")) {
      throw new IllegalArgumentException("by must be hour or day");
    }
    boolean byDay = by.equals("day");
    long end = TimeText.query(exchange, "end").orElse(clock.millis() + 1);
    long start =
        TimeText.query(exchange, "start")
            .orElse(Math.max(0, end - (byDay ? DAYS_MILLIS : HOURS_MILLIS)));
    long most = (HistoryRequest.Usage.MAX_BUCKETS - 2) * (byDay ? DAY_MILLIS : HOUR_MILLIS);
    if (start >= end || end - start > most) {
      throw new IllegalArgumentException(
          "start must be before end, by at most " + Duration.ofMillis(most).toDays() + " days");
    }
    return new Period(start, end, byDay);
  }

  /** The step's name. */
  String by() {
    return byDay ? "day" : "hour";
  }
}
