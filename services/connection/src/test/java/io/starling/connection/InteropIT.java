package io.starling.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody else's MQTT client, in both versions, over TCP and over WebSocket. */
class InteropIT {
  private static final String ID = TestRegion.DEVICE.toString();

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final ConnectionService gateway = region.gateway("a");

  @Test
  void mqtt5OverWebSocket() throws Exception {
    var app =
        Mqtt5Client.builder()
            .serverHost("127.0.0.1")
            .serverPort(gateway.webSocketPort())
            .webSocketConfig()
            .serverPath("mqtt")
            .applyWebSocketConfig()
            .simpleAuth()
            .username("token")
            .password(TestRegion.TOKEN.getBytes(StandardCharsets.UTF_8))
            .applySimpleAuth()
            .buildBlocking();
    var connack = app.connect();
    assertThat(connack.getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SUCCESS);
    assertThat(connack.getAssignedClientIdentifier()).isPresent();
    try (var received = app.publishes(MqttGlobalPublishFilter.ALL)) {
      var _ = app.subscribeWith().topicFilter("home/#").qos(MqttQos.AT_LEAST_ONCE).send();
      String large = "x".repeat(40_000);
      var _ =
          app.publishWith()
              .topic("home/temp")
              .qos(MqttQos.AT_LEAST_ONCE)
              .payload(large.getBytes(StandardCharsets.UTF_8))
              .send();

      var event = received.receive(5, TimeUnit.SECONDS).orElseThrow();
      assertThat(event.getPayloadAsBytes()).hasSize(40_000);
      assertThat(event.getTopic().toString()).isEqualTo("home/temp");
    }
    app.disconnect();
  }

  @Test
  void mqtt311OverTcp() throws Exception {
    var device =
        Mqtt3Client.builder()
            .identifier(ID)
            .serverHost("127.0.0.1")
            .serverPort(gateway.mqttPort())
            .simpleAuth()
            .username(ID)
            .password(TestRegion.SECRET.getBytes(StandardCharsets.UTF_8))
            .applySimpleAuth()
            .buildBlocking();
    assertThat(device.connect().getReturnCode().isError()).isFalse();
    try (var received = device.publishes(MqttGlobalPublishFilter.ALL)) {
      var _ = device.subscribeWith().topicFilter("a/+").qos(MqttQos.AT_MOST_ONCE).send();
      device.publishWith().topic("a/b").qos(MqttQos.AT_LEAST_ONCE).payload(new byte[] {1}).send();

      var event = received.receive(5, TimeUnit.SECONDS).orElseThrow();
      assertThat(event.getPayloadAsBytes()).containsExactly(1);
      assertThat(event.getQos()).isEqualTo(MqttQos.AT_MOST_ONCE);
    }
    device.disconnect();
    region.await(() -> !region.session(ID).orElseThrow().online());
  }
}
