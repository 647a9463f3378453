package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import io.starling.http.rate.Rate;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiConfigTest {
  @Test
  void hasDefaults() {
    var settings = new Settings(Map.of());
    var config = ApiConfig.from(settings);
    settings.check();

    assertThat(config)
        .isEqualTo(
            new ApiConfig(
                "0.0.0.0",
                8080,
                1 << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(8),
                100,
                1 << 20,
                2_000,
                false,
                new RatesConfig(
                    Rate.parse("10000/5m"),
                    Rate.parse("10000/5m"),
                    Rate.parse("50000/5m"),
                    Rate.parse("100/5m"),
                    Rate.parse("100/5m"),
                    Rate.parse("100/5m"),
                    Rate.parse("50/1h"),
                    10,
                    Duration.ofMinutes(30))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "100/5", "-1/5m", "5m", "1/0s", "many"})
  void refusesWhatIsNoRate(String text) {
    var settings = new Settings(Map.of("STARLING_API_RATE_LOGIN", text));
    var _ = ApiConfig.from(settings);

    assertThatThrownBy(settings::check)
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("STARLING_API_RATE_LOGIN");
  }

  @Test
  void refusesAKeepAliveThatParticlesClientsWouldNotOutlive() {
    var settings = new Settings(Map.of("STARLING_API_KEEP_ALIVE", "15s"));
    var _ = ApiConfig.from(settings);

    assertThatThrownBy(settings::check)
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("STARLING_API_KEEP_ALIVE");
  }
}
