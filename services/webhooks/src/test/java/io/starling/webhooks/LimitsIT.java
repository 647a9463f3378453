package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.IntegrationId;
import io.starling.webhooks.connect.PrivateTargets;
import io.starling.webhooks.delivery.DeliveryLimits;
import io.starling.webhooks.send.SendLimits;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What one endpoint, and all together, may hold; which addresses are allowed; how old is too old.
 */
final class LimitsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static DeliveryLimits limits(
      Duration timeout,
      Duration maxAge,
      int inFlight,
      int each,
      long memory,
      PrivateTargets privates) {
    var usual = Stage.limits(timeout, maxAge);
    return new DeliveryLimits(
        new SendLimits(timeout, inFlight, privates), usual.retries(), each, memory);
  }

  @Test
  void boundsItsMemoryAndStillDeliversToThoseWhoAnswer() {
    long memory = 1 << 20;
    var limits =
        limits(
            Duration.ofMinutes(1), Duration.ofHours(3), 512, 64, memory, PrivateTargets.LOOPBACK);
    try (var stage = new Stage(limits)) {
      var ids = new ArrayList<IntegrationId>();
      for (int i = 0; i < 8; i++) {
        ids.add(stage.hook("temp", "/big" + i));
      }
      for (int i = 0; i < 4; i++) {
        stage.sink.on("/big" + i, _ -> Sink.HANG);
        stage.deliver("/big" + (i + 4), ids.get(i + 4));
      }
      for (int i = 0; i < 60; i++) {
        var big = List.of(stage.event("temp", "x".repeat(30_000)));
        ids.forEach(id -> stage.ledger.owe(id, stage.relay.end(), big));
        stage.relay.append(big);
      }
      var life = stage.start();
      var most = new AtomicInteger();
      life.vertx()
          .setPeriodic(
              1,
              _ -> {
                var held = life.meters().get("starling.webhooks.memory_bytes").gauge().value();
                most.accumulateAndGet((int) held, Math::max);
              });
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(ids.subList(4, 8))
                      .allSatisfy(id -> assertThat(stage.ledger.open(id)).isEmpty()));
      for (int i = 0; i < 4; i++) {
        stage.deliver("/big" + i, ids.get(i));
      }
      stage.sink.cutHanging();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(ids).allSatisfy(id -> assertThat(stage.ledger.open(id)).isEmpty()));
      assertThat(most.get()).isBetween(1, (int) memory);
      assertThat(stage.ledger.mistakes()).isEmpty();
    }
  }

  @Test
  void neverHasMoreUnderWayThanItMay() {
    var limits =
        limits(
            Duration.ofMinutes(1), Duration.ofHours(3), 20, 7, 64 << 20, PrivateTargets.LOOPBACK);
    try (var stage = new Stage(limits)) {
      for (int i = 0; i < 5; i++) {
        var _ = stage.hook("temp", "/hook" + i);
        stage.sink.on("/hook" + i, _ -> Sink.HANG);
      }
      var life = stage.start();
      for (int i = 0; i < 20; i++) {
        stage.publish("temp", 5);
      }
      await().atMost(PATIENCE).until(() -> inFlight(life) >= 15);
      // One that comes when the others hold all they can gets a place as well.
      var late = stage.hook("other", "/late");
      stage.deliver("/late", late);
      await().atMost(PATIENCE).until(() -> life.copy().integration(late).isPresent());
      stage.publish("other", 3, late);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(stage.ledger.open(late)).isEmpty());
      assertThat(inFlight(life)).isLessThanOrEqualTo(20);
      for (int i = 0; i < 5; i++) {
        String path = "/hook" + i;
        await().atMost(PATIENCE).until(() -> !stage.sink.received(path).isEmpty());
        assertThat(stage.sink.received(path)).hasSizeLessThanOrEqualTo(7);
      }
    }
  }

  @Test
  void neverSendsMoreThanTheRateAndTheConcurrencyThatAnIntegrationAsksFor() {
    try (var stage = new Stage()) {
      var slow = IntegrationId.create();
      var narrow = IntegrationId.create();
      var _ = stage.hook(slow, hook(stage, "/slow").put("rate", "20"));
      var _ = stage.hook(narrow, hook(stage, "/narrow").put("concurrency", 2));
      stage.deliver("/slow", slow);
      stage.sink.on("/narrow", _ -> Sink.HANG);
      var life = stage.start();
      for (int i = 0; i < 6; i++) {
        stage.publish("temp", 10, slow);
      }
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(stage.ledger.open(slow)).isEmpty());
      var times = stage.sink.received("/slow").stream().map(Sink.Received::atMillis).toList();
      // 60 requests: 3 in advance, the others in 50 ms each.
      assertThat(times.getLast() - times.getFirst()).isBetween(2_500L, 10_000L);
      assertThat(stage.sink.received("/narrow")).hasSize(2);
      assertThat(inFlight(life)).isEqualTo(2);
    }
  }

  private static JsonObject hook(Stage stage, String path) {
    return new JsonObject().put("event", "temp").put("url", stage.sink.url(path));
  }

  private static double inFlight(Stage.Life life) {
    return life.meters().get("starling.webhooks.in_flight").gauge().value();
  }

  @Test
  void refusesPrivateTargetsWhereTheyAreNotAllowed() {
    var limits =
        limits(Duration.ofMinutes(1), Duration.ofHours(3), 20, 7, 64 << 20, PrivateTargets.NONE);
    try (var stage = new Stage(limits)) {
      var _ = stage.hook("temp", "/hook");
      var life = stage.start();
      stage.publish("temp", 2);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(life.count("starling.webhooks.given_up")).isEqualTo(2));
      assertThat(life.count("starling.webhooks.attempts", "outcome", "impossible")).isEqualTo(2);
      assertThat(stage.sink.received("/hook")).isEmpty();
    }
  }

  @Test
  void givesUpWhatIsTooOldWhileTheEndpointDoesNotAnswer() {
    var limits =
        limits(
            Duration.ofMinutes(1),
            Duration.ofSeconds(3),
            512,
            64,
            64 << 20,
            PrivateTargets.LOOPBACK);
    try (var stage = new Stage(limits)) {
      var _ = stage.hook("temp", "/dead");
      stage.sink.on("/dead", _ -> 503);
      var life = stage.start();
      for (int i = 0; i < 30; i++) {
        stage.publish("temp", 10);
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(life.count("starling.webhooks.given_up")).isEqualTo(300));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(stage.relay.cursors())
                      .containsOnlyKeys("webhooks")
                      .containsEntry("webhooks", stage.relay.end()));
    }
  }
}
