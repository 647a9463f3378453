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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database that is restored from an older backup lacks rows; the journal has what they say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RestoredIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ParkDatabase base;

  RestoredIT(@TempDir Path folder) {
    base = new ParkDatabase(folder);
  }

  @AfterAll
  void close() {
    base.close();
  }

  private static void publish(Stage stage, int rounds, List<IntegrationId> owed) {
    for (int round = 0; round < rounds; round++) {
      var events = new ArrayList<Event>();
      for (int i = 0; i < 10; i++) {
        events.add(stage.event(Stage.device(i), "temp", "round " + round));
      }
      synchronized (stage.relay) {
        owed.forEach(id -> stage.ledger.owe(id, stage.relay.end(), events));
        stage.relay.append(events);
      }
    }
  }

  private static void take(
      Stage stage, String path, IntegrationId id, boolean ordered, AtomicBoolean well) {
    stage.sink.on(
        path,
        request -> {
          if (ordered) {
            stage.ledger.comes(id, List.of(request.webhookId()));
          }
          if (!well.get()) {
            return 503;
          }
          stage.ledger.end(id, request.webhookId());
          return 200;
        });
  }

  private IntegrationId hook(Stage stage, String path, boolean ordered) {
    return stage.hook(
        IntegrationId.create(),
        new JsonObject()
            .put("event", "temp")
            .put("url", stage.sink.url(path))
            .put("ordered", ordered));
  }

  private void awaitRows(int count) {
    await().atMost(PATIENCE).until(() -> base.ids().size() == count);
  }

  /** The database knows that the shard has come so far. */
  private void awaitPosition(Stage stage) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                base.texts(
                        "SELECT journal_index::text FROM webhooks.position WHERE integration = ''")
                    .equals(List.of(Long.toString(stage.relay.end().index()))));
  }

  /** With a process that lives on, and with one that begins after the restore. */
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void whatWasParkedSinceTheBackupArrivesAllTheSame(boolean ordered, boolean restarted) {
    try (var stage = base.stage(Stage.limits(Duration.ofSeconds(5), Duration.ofHours(3)))) {
      stage.relay.retain();
      var well = new AtomicBoolean();
      var down = hook(stage, "/down", ordered);
      take(stage, "/down", down, ordered, well);
      var healthy = hook(stage, "/healthy", ordered);
      take(stage, "/healthy", healthy, ordered, new AtomicBoolean(true));
      var both = List.of(down, healthy);

      var life = stage.start();
      publish(stage, 20, both);
      awaitRows(200);
      awaitPosition(stage);
      base.backUp();
      publish(stage, 30, both);
      awaitRows(500);
      if (restarted) {
        life.crash();
      }
      base.restore();
      if (restarted) {
        var _ = stage.start();
      }
      awaitRows(500);
      assertThat(base.ids()).isEqualTo(stage.ledger.all(down));
      well.set(true);
      publish(stage, 5, both);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(stage.ledger.open(down)).isEmpty();
                assertThat(stage.ledger.open(healthy)).isEmpty();
                assertThat(base.ids()).isEmpty();
              });
      // Cursors that had passed what the database lost are the case at hand.
      assertThat(stage.ledger.mistakes()).filteredOn(one -> one.contains("came before")).isEmpty();
      // Who was owed nothing by the database gets nothing twice.
      if (!restarted) {
        assertThat(stage.sink.received("/healthy")).hasSize(stage.ledger.all(healthy).size());
      }
    }
  }
}
