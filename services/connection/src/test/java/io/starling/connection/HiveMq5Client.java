package io.starling.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** HiveMQ's client for MQTT 5. */
final class HiveMq5Client implements OtherClient {
  private final As as;
  private final Mqtt5BlockingClient client;
  private final Mqtt5BlockingClient.Mqtt5Publishes received;

  HiveMq5Client(As as) {
    this.as = as;
    var builder =
        Mqtt5Client.builder()
            .identifier(as.id())
            .serverHost("127.0.0.1")
            .serverPort(as.port())
            .simpleAuth()
            .username(as.user())
            .password(as.password().getBytes(StandardCharsets.UTF_8))
            .applySimpleAuth();
    if (as.isWebSocket()) {
      builder = builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
    }
    if (as.isSecure()) {
      builder =
          builder.sslConfig(MqttClientSslConfig.builder().trustManagerFactory(as.trust()).build());
    }
    client = builder.buildBlocking();
    received = client.publishes(MqttGlobalPublishFilter.ALL);
  }

  @Override
  public boolean connect() {
    return client
        .connectWith()
        .cleanStart(!as.keeps())
        .sessionExpiryInterval(as.keeps() ? 3_600 : 0)
        .send()
        .isSessionPresent();
  }

  @Override
  public void subscribe(String filter, int qos) {
    var _ = client.subscribeWith().topicFilter(filter).qos(qos(qos)).send();
  }

  private static MqttQos qos(int qos) {
    return Objects.requireNonNull(MqttQos.fromCode(qos));
  }

  @Override
  public void publish(String topic, int qos, String payload) {
    var result =
        client
            .publishWith()
            .topic(topic)
            .qos(qos(qos))
            .payload(payload.getBytes(StandardCharsets.UTF_8))
            .send();
    assertThat(result.getError()).isEmpty();
  }

  @Override
  public String receive() throws InterruptedException {
    var message = received.receive(LIMIT_SECONDS, TimeUnit.SECONDS).orElseThrow();
    String text = new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8);
    return message.getTopic() + " " + message.getQos().getCode() + " " + text;
  }

  @Override
  public void close() {
    received.close();
    if (client.getState().isConnected()) {
      client.disconnect();
    }
  }
}
