package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import io.starling.webhooks.connect.PrivateTargets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WebhooksConfigTest {
  @Test
  void hasDefaults() {
    var settings = new Settings(Map.of());
    var limits = WebhooksConfig.from(settings, true).limits();
    settings.check();
    assertThat(limits.sending().attemptTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(limits.retries().maxAge()).isEqualTo(Duration.ofDays(3));
    assertThat(limits.sending().inFlight()).isEqualTo(512);
    assertThat(limits.inFlightEach()).isEqualTo(64);
    assertThat(limits.sending().privateTargets()).isEqualTo(PrivateTargets.LOOPBACK);
  }

  @Test
  void keepsAwayFromTheInsideUnlessItIsAloneOrTold() {
    assertThat(privateTargets(Map.of(), false)).isEqualTo(PrivateTargets.NONE);
    for (var told :
        Map.of(
                "none", PrivateTargets.NONE,
                "loopback", PrivateTargets.LOOPBACK,
                "all", PrivateTargets.ALL,
                "true", PrivateTargets.ALL,
                "false", PrivateTargets.NONE)
            .entrySet()) {
      var environment = Map.of("STARLING_WEBHOOK_PRIVATE_TARGETS", told.getKey());
      assertThat(privateTargets(environment, true)).isEqualTo(told.getValue());
      assertThat(privateTargets(environment, false)).isEqualTo(told.getValue());
    }
  }

  private static PrivateTargets privateTargets(Map<String, String> environment, boolean alone) {
    var settings = new Settings(environment);
    var limits = WebhooksConfig.from(settings, alone).limits();
    settings.check();
    return limits.sending().privateTargets();
  }

  @Test
  void tellsThatOneCannotHaveMoreInFlightThanAll() {
    var settings = new Settings(Map.of("STARLING_WEBHOOK_IN_FLIGHT", "10"));
    var _ = WebhooksConfig.from(settings, true);
    assertThatThrownBy(settings::check)
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("STARLING_WEBHOOK_IN_FLIGHT_EACH");
  }
}
