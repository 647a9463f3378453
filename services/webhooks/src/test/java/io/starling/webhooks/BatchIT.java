package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.IntegrationId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several events in one request. */
final class BatchIT {
  private final Stage stage = new Stage();

  @BeforeAll
  static void bePatient() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private IntegrationId hook(String path, int events, int millis, JsonObject more) {
    var batch = new JsonObject().put("events", events).put("millis", millis);
    return stage.hook(
        IntegrationId.create(),
        new JsonObject()
            .put("event", "temp")
            .put("url", stage.sink.url(path))
            .put("batch", batch)
            .mergeIn(more));
  }

  /** Takes each of its events as delivered, and answers with the status. */
  private void take(String path, IntegrationId id, int status) {
    stage.sink.on(
        path,
        request -> {
          if (status == 200) {
            stage.take(id, request);
          }
          return status;
        });
  }

  private static List<JsonObject> elements(Sink.Received request) {
    return new JsonArray(request.body()).stream().map(JsonObject.class::cast).toList();
  }

  private List<Integer> sizes(String path) {
    return stage.sink.received(path).stream().map(one -> elements(one).size()).toList();
  }

  private void allDelivered(IntegrationId id) {
    await().untilAsserted(() -> assertThat(stage.ledger.open(id)).isEmpty());
    await()
        .untilAsserted(
            () -> assertThat(stage.relay.cursors()).containsEntry("webhooks", stage.relay.end()));
    assertThat(stage.ledger.mistakes()).isEmpty();
  }

  @Test
  void holdsWhatEachEventWouldHaveBeenByItself() {
    var id = hook("/hook", 3, 60_000, new JsonObject());
    take("/hook", id, 200);
    var life = stage.start();
    stage.publish("temp", 3, id);
    allDelivered(id);
    var one = stage.sink.received("/hook").getFirst();
    assertThat(one.headers()).containsEntry("content-type", "application/json");
    assertThat(elements(one))
        .extracting(element -> element.getString("data"))
        .containsExactly("value 0", "value 1", "value 2");
    assertThat(elements(one).getFirst().fieldNames())
        .containsExactly("event", "data", "coreid", "published_at", "event_id");
    assertThat(one.webhookId()).startsWith("batch-");
    assertThat(life.count("starling.webhooks.attempts", "outcome", "delivered")).isEqualTo(1);
    // Each of them is told of, and the answer to all is nobody's.
    assertThat(stage.relay.appended())
        .extracting(event -> event.name())
        .containsExactly("hook-sent/temp", "hook-sent/temp", "hook-sent/temp");
  }

  @Test
  void isSentWhenItsTimeHasCome() {
    var id = hook("/hook", 1_000, 200, new JsonObject());
    take("/hook", id, 200);
    var _ = stage.start();
    for (int i = 0; i < 5; i++) {
      stage.publish("temp", 20, id);
    }
    allDelivered(id);
    assertThat(sizes("/hook").size()).isLessThan(5);
  }

  @Test
  void isTheSameWhenItIsTriedAgain() {
    var id = hook("/hook", 10, 60_000, new JsonObject());
    var failures = new AtomicInteger(4);
    stage.sink.on(
        "/hook",
        request -> {
          if (failures.getAndDecrement() > 0) {
            return 503;
          }
          stage.take(id, request);
          return 200;
        });
    var _ = stage.start();
    stage.publish("temp", 5, id);
    stage.publish("temp", 5, id);
    allDelivered(id);
    assertThat(stage.sink.received("/hook")).hasSize(5);
    assertThat(stage.sink.received("/hook").stream().map(Sink.Received::webhookId).distinct())
        .hasSize(1);
    assertThat(stage.sink.received("/hook").stream().map(Sink.Received::body).distinct())
        .hasSize(1);
  }

  @Test
  void holdsNoMoreThanAMebibyte() {
    var id = hook("/hook", 1_000, 60_000, new JsonObject());
    take("/hook", id, 200);
    var _ = stage.start();
    for (int i = 0; i < 40; i++) {
      // Each of these bytes becomes two.
      var events = List.of(stage.event("temp", "\"".repeat(60_000)));
      stage.ledger.owe(id, stage.relay.end(), events);
      stage.relay.append(events);
    }
    // What is less than a batch would wait for a minute: the next ones bring it to its end.
    await().until(() -> stage.ledger.open(id).size() < 20);
    assertThat(stage.sink.received("/hook"))
        .allSatisfy(one -> assertThat(one.body().length()).isLessThanOrEqualTo(1 << 20));
    assertThat(stage.ledger.mistakes()).isEmpty();
  }

  @Test
  void oneEventThatNoRequestCanBeMadeOfHarmsNoOther() {
    // The section repeats what an event holds a million times over.
    var json = new JsonObject().put("json", "{\"n\": \"{{#l}}{{{PARTICLE_EVENT_VALUE}}}{{/l}}\"}");
    var id = hook("/hook", 4, 60_000, json);
    take("/hook", id, 200);
    var life = stage.start();
    var good =
        List.of(stage.event("temp", "a"), stage.event("temp", "b"), stage.event("temp", "c"));
    var bad =
        stage.event(
            "temp", "{\"l\":[" + "1,".repeat(2_000) + "1],\"x\":\"" + "x".repeat(2_000) + "\"}");
    stage.ledger.owe(id, stage.relay.end(), good);
    stage.relay.append(List.of(good.get(0), bad, good.get(1), good.get(2)));
    await().untilAsserted(() -> assertThat(stage.ledger.open(id)).isEmpty());
    await().untilAsserted(() -> assertThat(life.count("starling.webhooks.given_up")).isEqualTo(1));
    Set<String> members = new HashSet<>();
    stage
        .sink
        .received("/hook")
        .forEach(one -> elements(one).forEach(e -> members.add(e.getString("event_id"))));
    assertThat(members).hasSize(3);
  }
}
