package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that die at any moment, leaders that are lost, endpoints that come and go: nothing is
 * lost, no cursor ever passes what is not finished, and where order is asked for no event comes
 * before those of its device that were before it have ended. To replay a run, set the system
 * property {@code webhooks.seed} to the seed that it printed.
 */
final class CrashIT {
  private static final int ROUNDS = 12;
  private static final int FREEZES = 8;

  @Test
  void crashesAtRandomMomentsLoseNothing() {
    crashes(new Stage(Stage.limits(Duration.ofMillis(700), Duration.ofHours(3))));
  }

  @Test
  void crashesAtRandomMomentsLoseNothingThatIsParked(@TempDir Path folder) {
    try (var base = new ParkDatabase(folder)) {
      crashes(base.stage(Stage.limits(Duration.ofMillis(700), Duration.ofHours(3))));
      assertThat(base.parkedEver()).as("parked rows").isPositive();
      assertThat(base.ids()).isEmpty();
    }
  }

  private static void crashes(Stage opened) {
    var random = random();
    try (var stage = opened) {
      Set<String> broken = ConcurrentHashMap.newKeySet();
      var hooks = hooks(stage, broken);
      for (int round = 0; round < ROUNDS; round++) {
        var life = stage.start();
        change(broken, random);
        publish(stage, hooks, random);
        if (random.nextInt(3) == 0) {
          life.line().notLeader().set(true);
          publish(stage, hooks, random);
          life.line().notLeader().set(false);
        }
        pause(random.nextInt(600));
        publish(stage, hooks, random);
        life.crash();
      }
      lastLifeDeliversTheRest(stage, broken, hooks);
      repeatsBearTheSameId(stage, hooks.size());
    }
  }

  @Test
  void processesThatFreezeAndGoOnWhileAnotherFollowsLoseNothing() {
    var random = random();
    try (var stage = new Stage(Stage.limits(Duration.ofMillis(700), Duration.ofHours(3)))) {
      Set<String> broken = ConcurrentHashMap.newKeySet();
      var hooks = hooks(stage, broken);
      var frozen = stage.start();
      for (int round = 0; round < FREEZES; round++) {
        change(broken, random);
        publish(stage, hooks, random);
        pause(random.nextInt(300));
        publish(stage, hooks, random);
        var thaw = frozen.freeze();
        var other = stage.start();
        publish(stage, hooks, random);
        change(broken, random);
        pause(random.nextInt(600));
        thaw.countDown();
        publish(stage, hooks, random);
        pause(random.nextInt(300));
        (random.nextBoolean() ? frozen : other).crash();
        frozen = frozen.line().cut().get() ? other : frozen;
      }
      frozen.crash();
      lastLifeDeliversTheRest(stage, broken, hooks);
    }
  }

  @Test
  void twoThatBothBelieveToFollowAShardLoseNothing() {
    var random = random();
    try (var stage = new Stage()) {
      Set<String> broken = ConcurrentHashMap.newKeySet();
      var hooks = hooks(stage, broken);
      var one = stage.start();
      var other = stage.start();
      for (int i = 0; i < 20; i++) {
        change(broken, random);
        publish(stage, hooks, random);
        pause(random.nextInt(100));
      }
      one.crash();
      other.crash();
      lastLifeDeliversTheRest(stage, broken, hooks);
    }
  }

  private static Random random() {
    long seed = Long.getLong("webhooks.seed", System.nanoTime());
    System.out.println("CrashIT seed: -Dwebhooks.seed=" + seed);
    return new Random(seed);
  }

  private static List<IntegrationId> hooks(Stage stage, Set<String> broken) {
    var hooks = new ArrayList<IntegrationId>();
    for (int i = 0; i < 6; i++) {
      String path = "/hook" + i;
      var configuration =
          new JsonObject()
              .put("event", i % 2 == 0 ? "temp" : "temp/in")
              .put("url", stage.sink.url(path));
      // Ordered, in batches, both, and none of it.
      boolean ordered = i == 1 || i == 2 || i == 4;
      if (i == 2 || i == 3) {
        configuration.put("batch", new JsonObject().put("events", 7).put("millis", 30));
      }
      var id = stage.hook(IntegrationId.create(), configuration.put("ordered", ordered));
      hooks.add(id);
      stage.sink.on(
          path,
          request -> {
            if (ordered) {
              stage.ledger.comes(id, Stage.deliveries(id, request));
            }
            return answer(stage, id, request, broken);
          });
    }
    return hooks;
  }

  private static void lastLifeDeliversTheRest(
      Stage stage, Set<String> broken, List<IntegrationId> hooks) {
    broken.clear();
    stage.sink.cutHanging();
    var _ = stage.start();
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              assertThat(hooks).allSatisfy(id -> assertThat(stage.ledger.open(id)).isEmpty());
              assertThat(stage.relay.cursors()).containsOnlyKeys("webhooks");
            });
    assertThat(stage.ledger.mistakes()).isEmpty();
    ofEachItIsToldUnderOneId(stage, hooks);
  }

  /** At least once, since no cursor passes a delivery of which it is not; repeats bear one id. */
  private static void ofEachItIsToldUnderOneId(Stage stage, List<IntegrationId> hooks) {
    var sent =
        stage.relay.appended().stream()
            .filter(event -> event.name().startsWith("hook-sent/"))
            .map(Event::id)
            .collect(Collectors.toSet());
    assertThat(sent).hasSize(hooks.stream().mapToInt(id -> stage.ledger.all(id).size()).sum());
  }

  private static int answer(
      Stage stage, IntegrationId id, Sink.Received request, Set<String> broken) {
    if (broken.contains(request.path() + " 500")) {
      return 500;
    }
    if (broken.contains(request.path() + " hang")) {
      return Sink.HANG;
    }
    stage.take(id, request);
    return 200;
  }

  private static void change(Set<String> broken, Random random) {
    broken.clear();
    for (int i = 0; i < 6; i++) {
      switch (random.nextInt(4)) {
        case 0 -> broken.add("/hook" + i + " 500");
        case 1 -> broken.add("/hook" + i + " hang");
        default -> {
          // This one is well.
        }
      }
    }
  }

  private static void publish(Stage stage, List<IntegrationId> hooks, Random random) {
    var even = List.of(hooks.get(0), hooks.get(2), hooks.get(4));
    for (int i = random.nextInt(40); i > 0; i--) {
      if (random.nextBoolean()) {
        stage.publish("temp/in", 1 + random.nextInt(8), hooks.toArray(IntegrationId[]::new));
      } else {
        stage.publish("temp/out", 1 + random.nextInt(8), even.toArray(IntegrationId[]::new));
      }
    }
  }

  private static void repeatsBearTheSameId(Stage stage, int hooks) {
    for (int i = 0; i < hooks; i++) {
      var received = stage.sink.received("/hook" + i);
      var bodies =
          received.stream()
              .collect(
                  Collectors.groupingBy(
                      Sink.Received::webhookId,
                      Collectors.mapping(Sink.Received::body, Collectors.toSet())));
      assertThat(bodies.values()).allSatisfy(bodiesOfOne -> assertThat(bodiesOfOne).hasSize(1));
    }
  }

  /** The moment of a crash is what is random here. */
  private static void pause(int millis) {
    long until = System.nanoTime() + millis * 1_000_000L;
    await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > until);
  }
}
