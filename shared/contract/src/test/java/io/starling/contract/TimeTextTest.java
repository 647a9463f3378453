package io.starling.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimeTextTest {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final long FIRST = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
  private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  @Test
  void isWhatTheFormatterWrites() {
    long seed = System.nanoTime();
    var edges = LongStream.of(FIRST, LAST, 0, -1, 1, 1_772_323_199_999L, 951_782_400_000L);
    LongStream.concat(edges, new Random(seed).longs(10_000, FIRST, LAST))
        .forEach(
            millis ->
                assertEquals(
                    FORM.format(Instant.ofEpochMilli(millis)),
                    TimeText.of(millis),
                    () -> "seed " + seed));
  }

  @Test
  void refusesYearsOfMoreDigits() {
    assertThrows(IllegalArgumentException.class, () -> TimeText.of(LAST + 1));
    assertThrows(IllegalArgumentException.class, () -> TimeText.of(FIRST - 1));
  }
}
