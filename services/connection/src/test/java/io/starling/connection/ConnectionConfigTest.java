package io.starling.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
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
    assertThat(config.host()).isEqualTo("0.0.0.0");
    assertThat(config.mqttPort()).isEqualTo(1883);
    assertThat(config.webSocketPort()).isEqualTo(8083);
    assertThat(config.maxPacketBytes()).isEqualTo(256 * 1024);
    assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.receiveMaximum()).isEqualTo(20);
    assertThat(config.maxKeepAlive()).isEqualTo(Duration.ofMinutes(20));
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
                        "1ms")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("STARLING_WEBSOCKET_PORT")
        .hasMessageContaining("STARLING_MQTT_MAX_PACKET")
        .hasMessageContaining("STARLING_MQTT_CONNECT_TIMEOUT");
  }
}
