package io.starling.webhooks.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {
  private static final InstantSource NOW = () -> Instant.parse("2026-01-02T03:04:05Z");

  private static @Nullable Duration read(@Nullable String header) {
    return RetryAfter.read(header, NOW);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "120, 120", "' 7 ', 7", "999999999, 999999999"})
  void readsSeconds(String header, long seconds) {
    assertThat(read(header)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Fri, 02 Jan 2026 03:05:05 GMT | 60",
        "Fri, 2 Jan 2026 03:04:06 GMT | 1",
        "Sat, 03 Jan 2026 03:04:05 GMT | 86400"
      })
  void readsADate(String header, long seconds) {
    assertThat(read(header)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Fri, 02 Jan 2026 03:04:05 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"})
  void aDateThatIsOverAsksForNothing(String header) {
    assertThat(read(header)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000000000", "9223372036854775808", "00000000000000000000000000000001"})
  void aNumberOfManyDigitsIsALongTime(String header) {
    assertThat(read(header)).isGreaterThan(Duration.ofDays(365));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "soon",
        "-1",
        "1.5",
        "1e3",
        "٣",
        "2026-01-02T03:05:05Z",
        "Mon, 02 Jan 2026 03:05:05 GMT",
        "Fri, 32 Jan 2026 03:05:05 GMT",
        "Fri, 02 Jan 999999999999 03:05:05 GMT"
      })
  void nonsenseAsksForNothing(String header) {
    assertThat(read(header)).isNull();
  }

  @Test
  void noHeaderAsksForNothing() {
    assertThat(read(null)).isNull();
  }
}
