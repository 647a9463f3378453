package io.starling.api.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.http.Fields;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLifetimeTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static OptionalLong of(String field, Object value) {
    return TokenLifetime.of(new Fields(new JsonObject().put(field, value)), NOW);
  }

  @Test
  void isNinetyDaysUnlessAskedOtherwise() {
    assertThat(of("username", "x")).hasValue(7_776_000);
  }

  @Test
  void isForEverForZero() {
    assertThat(of("expires_in", 0)).hasValue(0);
    assertThat(of("expires_in", "0")).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T12:01:00Z, 60",
    "2026-01-01T12:01:00.500Z, 60",
    "2026-01-01T14:01:00+02:00, 60",
    "2026-01-02, 43200"
  })
  void endsAtTheTimeAskedFor(String time, long seconds) {
    assertThat(of("expires_at", time)).hasValue(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-01-01", "2026-01-01T12:00:00Z", "tomorrow", "", "2026-13-01"})
  void endsAtNoOtherTime(String time) {
    assertThat(of("expires_at", time)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "soon", "1.5", ""})
  void isNotWhatIsNoNumberOfSeconds(String seconds) {
    assertThat(of("expires_in", seconds)).isEmpty();
  }

  @Test
  void isBounded() {
    assertThat(of("expires_in", 999_999_999_999_999L)).hasValue(3_153_600_000L);
  }
}
