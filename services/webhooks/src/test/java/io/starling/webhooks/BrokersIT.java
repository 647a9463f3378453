package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.starling.contract.IntegrationId;
import io.starling.testing.server.FreePorts;
import io.starling.webhooks.sink.KafkaBroker;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Integrations that send to brokers, by the same engine: a real broker of Kafka and a real server
 * of MQTT, which come up after the events.
 */
final class BrokersIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int EVENTS = 50;

  @TempDir Path folder;

  private static JsonObject hook(String type, String url) {
    return new JsonObject().put("event", "temp").put("integration_type", type).put("url", url);
  }

  private static List<String> values() {
    return IntStream.range(0, EVENTS).mapToObj(number -> "value " + number).toList();
  }

  private static String coreId(String body) {
    return new JsonObject(body).getString("coreid");
  }

  private static String data(String body) {
    return new JsonObject(body).getString("data");
  }

  /** The event stays owed while nobody is there. */
  private static void waits(Stage stage, Stage.Life life) {
    await()
        .atMost(PATIENCE)
        .until(() -> life.count("starling.webhooks.attempts", "outcome", "unavailable") >= 1);
    assertThat(stage.relay.cursors()).isNotEmpty();
  }

  @Test
  void eventsBecomeMessagesOfKafkaInOrderOfTheirDevice() {
    int port = FreePorts.take(1).getFirst();
    try (var stage = new Stage()) {
      var id =
          stage.hook(
              IntegrationId.create(),
              hook("Kafka", "kafka://127.0.0.1:" + port)
                  .put("topic", "of-{{PARTICLE_EVENT_NAME}}"));
      stage.publish("temp", EVENTS);
      waits(stage, stage.start());
      try (var broker = KafkaBroker.start(folder, port);
          var consumer = consumer(port)) {
        consumer.subscribe(List.of("of-temp"));
        var seen = new ConcurrentHashMap<String, String>();
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  for (var message : consumer.poll(Duration.ofMillis(100))) {
                    assertThat(message.key()).isEqualTo(coreId(message.value()));
                    var header = message.headers().lastHeader("webhook-id").value();
                    seen.put(new String(header, StandardCharsets.UTF_8), data(message.value()));
                  }
                  assertThat(seen.values()).containsExactlyInAnyOrderElementsOf(values());
                });
        assertThat(seen.keySet()).allMatch(key -> key.endsWith("-" + id));
        assertThat(broker.isRunning()).isTrue();
      }
    }
  }

  private static KafkaConsumer<String, String> consumer(int port) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers", "127.0.0.1:" + port,
            "group.id", "test",
            "auto.offset.reset", "earliest",
            "metadata.max.age.ms", "500"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  @Test
  void eventsBecomeMessagesOfAnotherMqttBrokerAcknowledged() {
    int port = FreePorts.take(1).getFirst();
    var vertx = Vertx.vertx();
    try (var stage = new Stage()) {
      var _ =
          stage.hook(
              IntegrationId.create(),
              hook("MQTT", "mqtt://127.0.0.1:" + port)
                  .put("topic", "starling/{{PARTICLE_DEVICE_ID}}/{{PARTICLE_EVENT_NAME}}")
                  .put("auth", new JsonObject().put("username", "us").put("password", "right")));
      stage.publish("temp", EVENTS);
      waits(stage, stage.start());
      var seen = new CopyOnWriteArrayList<String>();
      var topics = ConcurrentHashMap.<String>newKeySet();
      var server = MqttServer.create(vertx, new MqttServerOptions().setPort(port));
      server.endpointHandler(
          endpoint -> {
            var auth = endpoint.auth();
            if (auth == null || !"right".equals(auth.getPassword())) {
              endpoint.reject(MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
              return;
            }
            endpoint.publishHandler(
                message -> {
                  topics.add(message.topicName());
                  if (!seen.contains(data(message.payload().toString()))) {
                    seen.add(data(message.payload().toString()));
                  }
                  endpoint.publishAcknowledge(message.messageId());
                });
            endpoint.accept(false);
          });
      var _ = Stage.await(server.listen());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(seen).containsExactlyInAnyOrderElementsOf(values()));
      assertThat(topics).contains("starling/" + Stage.DEVICE + "/temp").hasSizeGreaterThan(1);
    } finally {
      var _ = Stage.await(vertx.close());
    }
  }

  @Test
  void aBrokerThatTheOperatorDoesNotNameIsNotAsked() {
    try (var stage = new Stage()) {
      var _ = stage.hook(IntegrationId.create(), hook("MQTT", "mqtt://127.0.0.2:1883"));
      stage.publish("temp", 1);
      var life = stage.start();
      await()
          .atMost(PATIENCE)
          .until(() -> life.count("starling.webhooks.attempts", "outcome", "impossible") >= 1);
    }
  }
}
