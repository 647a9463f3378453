package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is owed in order leaves the journal too, and nothing newer overtakes it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OrderedParkingIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int DEVICES = 10;

  private final ParkDatabase base;
  private final Set<String> blocked = ConcurrentHashMap.newKeySet();

  OrderedParkingIT(@TempDir Path folder) {
    base = new ParkDatabase(folder);
  }

  @AfterAll
  void close() {
    base.close();
  }

  private Stage stage() {
    blocked.clear();
    return base.stage(Stage.limits(Duration.ofSeconds(5), Duration.ofHours(3)));
  }

  private IntegrationId hook(Stage stage, JsonObject more) {
    return stage.orderedHook(blocked, more);
  }

  private void blockAll() {
    for (int i = 0; i < DEVICES; i++) {
      blocked.add(Stage.device(i).toString());
    }
  }

  private static void publish(Stage stage, IntegrationId id, int rounds) {
    for (int round = 0; round < rounds; round++) {
      var events = new ArrayList<Event>();
      for (int i = 0; i < DEVICES; i++) {
        events.add(stage.event(Stage.device(i), "temp", "round " + round));
      }
      synchronized (stage.relay) {
        stage.ledger.owe(id, stage.relay.end(), events);
        stage.relay.append(events);
      }
    }
  }

  private static void awaitEmptyJournal(Stage stage) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(stage.relay.cursors()).containsOnlyKeys("webhooks");
              assertThat(stage.relay.start()).isEqualTo(stage.relay.end());
            });
  }

  private void awaitAllArrived(Stage stage, IntegrationId id) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(stage.ledger.open(id)).isEmpty();
              assertThat(base.count(id.toString(), "parked")).isZero();
            });
    assertThat(stage.ledger.mistakes()).isEmpty();
  }

  private static void awaitNote(Stage stage, String kind) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(stage.relay.names())
                    .filteredOn(name -> name.startsWith("#"))
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("#webhooks-" + kind + "@")));
  }

  @Test
  void anEndpointThatIsDownIsParkedAndGetsAllInOrderAlsoWhatIsNew() {
    try (var stage = stage()) {
      var id = hook(stage, new JsonObject());
      blockAll();
      var _ = stage.start();
      publish(stage, id, 150);
      awaitEmptyJournal(stage);
      assertThat(base.ids()).isEqualTo(stage.ledger.all(id));
      blocked.clear();
      for (int i = 0; i < 50; i++) {
        publish(stage, id, 5);
      }
      awaitAllArrived(stage, id);
      awaitEmptyJournal(stage);
      awaitNote(stage, "past");
      long rows = base.parkedEver();
      publish(stage, id, 5);
      awaitAllArrived(stage, id);
      assertThat(base.parkedEver()).isEqualTo(rows);
    }
  }

  @Test
  void whoTakesOverSendsNothingBeforeWhatIsParked() {
    try (var stage = stage()) {
      var id = hook(stage, new JsonObject());
      blockAll();
      var first = stage.start();
      publish(stage, id, 100);
      awaitEmptyJournal(stage);
      first.crash();
      base.server.kill();
      publish(stage, id, 20);
      blocked.clear();
      int before = stage.sink.received("/hook").size();
      var _ = stage.start();
      // Without the database nobody can know what is parked, but that there is something.
      await()
          .during(Duration.ofSeconds(1))
          .until(() -> stage.sink.received("/hook").size() == before);
      base.restart();
      awaitAllArrived(stage, id);
      awaitEmptyJournal(stage);
    }
  }

  @Test
  void onceNothingIsParkedTheDatabaseIsNotNeeded() {
    try (var stage = stage()) {
      var id = hook(stage, new JsonObject());
      blockAll();
      var first = stage.start();
      publish(stage, id, 20);
      awaitEmptyJournal(stage);
      blocked.clear();
      awaitAllArrived(stage, id);
      awaitNote(stage, "past");
      first.crash();
      base.server.kill();
      publish(stage, id, 20);
      var _ = stage.start();
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(stage.ledger.open(id)).isEmpty());
      assertThat(stage.ledger.mistakes()).isEmpty();
      base.restart();
    }
  }

  @Test
  void aSingleDeviceThatIsStuckHoldsUpNeitherTheJournalNorOthers() {
    try (var stage = stage()) {
      var id = hook(stage, new JsonObject());
      String stuck = Stage.device(3).toString();
      blocked.add(stuck);
      var first = stage.start();
      for (int i = 0; i < 6; i++) {
        publish(stage, id, 30);
        await()
            .atMost(PATIENCE)
            .until(() -> stage.ledger.open(id).stream().allMatch(one -> one.startsWith(stuck)));
        awaitEmptyJournal(stage);
      }
      assertThat(base.count(id.toString(), "parked")).isGreaterThanOrEqualTo(180);
      first.crash();
      publish(stage, id, 10);
      var _ = stage.start();
      await()
          .atMost(PATIENCE)
          .until(() -> stage.ledger.open(id).stream().allMatch(one -> one.startsWith(stuck)));
      blocked.clear();
      awaitAllArrived(stage, id);
    }
  }

  @Test
  void batchesComeInOrderToo() {
    try (var stage = stage()) {
      var batch = new JsonObject().put("events", 25).put("millis", 20);
      var id = hook(stage, new JsonObject().put("batch", batch));
      blockAll();
      var _ = stage.start();
      publish(stage, id, 60);
      awaitEmptyJournal(stage);
      blocked.clear();
      publish(stage, id, 20);
      awaitAllArrived(stage, id);
    }
  }

  @Test
  void crashesWhileItIsParkedAndDrainedChangeNoOrder() {
    try (var stage = stage()) {
      var id = hook(stage, new JsonObject());
      blockAll();
      var life = stage.start();
      for (int i = 0; i < 6; i++) {
        publish(stage, id, 40);
        int parked = i * 150;
        await().atMost(PATIENCE).until(() -> base.ids().size() >= parked);
        life.crash();
        life = stage.start();
      }
      blocked.clear();
      for (int i = 0; i < 3; i++) {
        publish(stage, id, 20);
        int open = stage.ledger.open(id).size();
        await().atMost(PATIENCE).until(() -> stage.ledger.open(id).size() < open / 2);
        life.crash();
        life = stage.start();
      }
      awaitAllArrived(stage, id);
    }
  }
}
