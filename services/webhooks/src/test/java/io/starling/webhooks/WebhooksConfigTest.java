package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WebhooksConfigTest {
  @Test
  void hasDefaults() {
    var settings = new Settings(Map.of());
    var limits = WebhooksConfig.from(settings).limits();
    settings.check();
    assertThat(limits.sending().attemptTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(limits.retries().maxAge()).isEqualTo(Duration.ofHours(3));
    assertThat(limits.sending().inFlight()).isEqualTo(512);
    assertThat(limits.inFlightEach()).isEqualTo(64);
    assertThat(limits.sending().privateTargets()).isTrue();
  }

  @Test
  void tellsThatOneCannotHaveMoreInFlightThanAll() {
    var settings = new Settings(Map.of("STARLING_WEBHOOK_IN_FLIGHT", "10"));
    var _ = WebhooksConfig.from(settings);
    assertThatThrownBy(settings::check)
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("STARLING_WEBHOOK_IN_FLIGHT_EACH");
  }
}
