package io.starling.webhooks;

import static io.starling.webhooks.Stage.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import io.starling.contract.AttemptsReply.Attempt;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.AttemptsReply.PageFound;
import io.starling.contract.AttemptsRequest;
import io.starling.contract.IntegrationId;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.starling.testing.server.TestAuthority;
import io.starling.webhooks.Stage.Life;
import io.starling.webhooks.parked.ParkingLimits;
import io.starling.webhooks.sink.RabbitBroker;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Integrations that send to RabbitMQ, by the same engine: a real broker that is away, frozen and
 * killed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AmqpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int EVENTS = 50;
  private static final int MANY = 2_000;

  private final EmbeddedDatabase database;
  private final RabbitBroker broker;
  private final Stage stage;
  private final Life life;

  AmqpIT(@TempDir Path folder) throws IOException {
    database = EmbeddedDatabase.start(folder.resolve("postgres"), EmbeddedSettings.forTests());
    var place = Files.createDirectory(folder.resolve("rabbitmq"));
    broker = new RabbitBroker(place, TestAuthority.make(folder));
    var limits = Stage.limits(TIMEOUT, Duration.ofHours(3));
    var parking =
        new ParkingLimits(
            Duration.ofHours(1), limits.retries().maxAge(), Duration.ofDays(30), 1_000);
    stage = new Stage(limits, database.uri(), parking);
    life = stage.start();
  }

  @AfterAll
  void close() {
    stage.close();
    broker.close();
    database.close();
  }

  /** An integration to the broker that the process knows of. */
  private IntegrationId hook(String event, String exchange, String key) {
    var id =
        stage.hook(
            IntegrationId.create(),
            new JsonObject()
                .put("event", event)
                .put("integration_type", "AMQP")
                .put("url", "amqp://127.0.0.1:" + broker.port())
                .put("exchange", exchange)
                .put("key", key)
                .put("headers", new JsonObject().put("x-of", "{{PARTICLE_DEVICE_ID}}")));
    await().atMost(PATIENCE).until(() -> life.copy().integration(ACCOUNT, id).isPresent());
    return id;
  }

  private void running() {
    if (!alive()) {
      broker.start();
    }
  }

  private boolean alive() {
    return broker.isStarted() && broker.process().isAlive();
  }

  private List<Attempt> attempts(IntegrationId id) {
    var page =
        new AttemptsRequest.Page(ACCOUNT, id, 0, Long.MAX_VALUE, List.of(), null, null, null, 100);
    var found = Stage.await(life.bus().ask(page, Duration.ofSeconds(2)));
    return found instanceof PageFound known ? known.attempts() : List.of();
  }

  private void untilOneIs(Outcome outcome, String words, IntegrationId id) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(attempts(id))
                    .anySatisfy(
                        attempt -> {
                          assertThat(attempt.outcome()).isEqualTo(outcome);
                          assertThat(attempt.error()).contains(words);
                        }));
  }

  private static String data(GetResponse message) {
    return new JsonObject(new String(message.getBody(), StandardCharsets.UTF_8)).getString("data");
  }

  private static Set<String> values(int count) {
    return Set.copyOf(IntStream.range(0, count).mapToObj(number -> "value " + number).toList());
  }

  /** Takes messages until there was one with each of these data; some may come twice. */
  private List<GetResponse> taken(String queue, Set<String> expected) {
    var all = new ArrayList<GetResponse>();
    var seen = new HashSet<String>();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              for (var message : broker.take(queue)) {
                all.add(message);
                seen.add(data(message));
              }
              assertThat(seen).isEqualTo(expected);
            });
    return all;
  }

  @Test
  void eventsBecomePersistentMessagesOnceTheBrokerIsThere() {
    if (alive()) {
      broker.process().kill();
    }
    var id = hook("temp", "of-{{PARTICLE_EVENT_NAME}}", "a.{{PARTICLE_DEVICE_ID}}");
    stage.publish("temp", EVENTS);
    untilOneIs(Outcome.UNAVAILABLE, "Connection refused", id);
    broker.start();
    untilOneIs(Outcome.UNAVAILABLE, "no exchange 'of-temp'", id);
    broker.queue("arrived", Map.of());
    broker.bind("of-temp", "a.#", "arrived");
    for (var message : taken("arrived", values(EVENTS))) {
      var properties = message.getProps();
      var body = new JsonObject(new String(message.getBody(), StandardCharsets.UTF_8));
      String device = body.getString("coreid");
      assertThat(message.getEnvelope().getRoutingKey()).isEqualTo("a." + device);
      assertThat(properties.getMessageId()).endsWith("-" + id);
      assertThat(properties.getDeliveryMode()).isEqualTo(2);
      assertThat(properties.getContentType()).isEqualTo("application/json");
      assertThat(properties.getTimestamp().toInstant())
          .isBetween(Instant.now().minusSeconds(60), Instant.now());
      assertThat(properties.getHeaders())
          .hasEntrySatisfying("x-of", value -> assertThat(value.toString()).isEqualTo(device))
          .hasEntrySatisfying(
              "webhook-id",
              value -> assertThat(value.toString()).isEqualTo(properties.getMessageId()));
    }
  }

  @Test
  void whatNoQueueIsBoundForIsToldAndTriedAgain() {
    running();
    var id = hook("lonely", "", "nobody");
    stage.publish("lonely", 1);
    untilOneIs(
        Outcome.UNAVAILABLE,
        "no queue takes it (NO_ROUTE): exchange \"\", routing key \"nobody\"",
        id);
    broker.queue("nobody", Map.of());
    assertThat(taken("nobody", values(1))).hasSize(1);
    untilOneIs(Outcome.DELIVERED, "", id);
  }

  @Test
  void anAttemptAtAFrozenBrokerEndsAtItsDeadline() {
    running();
    broker.queue("frozen", Map.of());
    var id = hook("frozen", "", "frozen");
    stage.publish("frozen", 1);
    var _ = taken("frozen", values(1));
    broker.process().freeze();
    stage.publish("frozen", 2);
    untilOneIs(Outcome.UNAVAILABLE, "no acknowledgement in time", id);
    broker.process().thaw();
    var _ = taken("frozen", values(2));
  }

  @Test
  void nothingIsLostWhenTheBrokerIsKilled() {
    running();
    broker.queue("killed", Map.of());
    var id = hook("killed", "", "killed");
    double before = delivered();
    stage.publish("killed", MANY);
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> delivered() > before);
    broker.process().kill();
    stage.relay.append(List.of(stage.event("killed", "after")));
    untilOneIs(Outcome.UNAVAILABLE, "", id);
    broker.start();
    var expected = new HashSet<>(values(MANY));
    expected.add("after");
    var _ = taken("killed", expected);
  }

  private double delivered() {
    return life.count("starling.webhooks.attempts", "outcome", "delivered");
  }

  @Test
  void aBrokerThatTheOperatorDoesNotNameIsNotAsked() {
    var id =
        stage.hook(
            IntegrationId.create(),
            new JsonObject()
                .put("event", "elsewhere")
                .put("integration_type", "AMQP")
                .put("url", "amqp://127.0.0.2:" + broker.port()));
    await().atMost(PATIENCE).until(() -> life.copy().integration(ACCOUNT, id).isPresent());
    stage.publish("elsewhere", 1);
    untilOneIs(
        Outcome.IMPOSSIBLE, "broker 127.0.0.2:" + broker.port() + " is not allowed here", id);
  }
}
