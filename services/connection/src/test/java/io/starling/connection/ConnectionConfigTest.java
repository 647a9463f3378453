package io.starling.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import io.starling.connection.admission.AdmissionLimits;
import io.starling.connection.publish.PublishLimits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionConfigTest {

  private static ConnectionConfig read(Map<String, String> environment) {
    var settings = new Settings(environment);
    var config = ConnectionConfig.from(settings);
    settings.check();
    return config;
  }

  @Test
  void hasDefaults() {
    var config = read(Map.of());
    assertThat(config.listen().host()).isEqualTo("0.0.0.0");
    assertThat(config.mqttPort()).isEqualTo(1883);
    assertThat(config.webSocketPort()).isEqualTo(8083);
    assertThat(config.maxPacketBytes()).isEqualTo(256 * 1024);
    assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.receiveMaximum()).isEqualTo(20);
    assertThat(config.maxKeepAlive()).isEqualTo(Duration.ofMinutes(20));
    assertThat(config.admission())
        .isEqualTo(new AdmissionLimits(1_000, 100, Duration.ofSeconds(3)));
    assertThat(config.publish()).isEqualTo(new PublishLimits(50_000, 100_000, 32 << 20));
    assertThat(config.serverReference()).isEmpty();
  }

  @Test
  void tellsAllMistakes() {
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "STARLING_MQTT_PORT",
                        "8083",
                        "STARLING_MQTT_MAX_PACKET",
                        "1GiB",
                        "STARLING_MQTT_CONNECT_TIMEOUT",
                        "1ms",
                        "STARLING_CONNECT_RATE",
                        "0",
                        "STARLING_ACCOUNT_RATE",
                        "many",
                        "STARLING_SERVER_REFERENCE",
                        "a\nb")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("STARLING_WEBSOCKET_PORT")
        .hasMessageContaining("STARLING_MQTT_MAX_PACKET")
        .hasMessageContaining("STARLING_MQTT_CONNECT_TIMEOUT")
        .hasMessageContaining("STARLING_CONNECT_RATE")
        .hasMessageContaining("STARLING_ACCOUNT_RATE")
        .hasMessageContaining("STARLING_SERVER_REFERENCE");
  }
}
