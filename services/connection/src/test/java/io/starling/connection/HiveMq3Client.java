package io.starling.connection;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** HiveMQ's client for MQTT 3.1.1. */
final class HiveMq3Client implements OtherClient {
  private final As as;
  private final Mqtt3BlockingClient client;
  private final Mqtt3BlockingClient.Mqtt3Publishes received;

  HiveMq3Client(As as) {
    this.as = as;
    var builder =
        Mqtt3Client.builder()
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
    return client.connectWith().cleanSession(!as.keeps()).send().isSessionPresent();
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
    client
        .publishWith()
        .topic(topic)
        .qos(qos(qos))
        .payload(payload.getBytes(StandardCharsets.UTF_8))
        .send();
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
