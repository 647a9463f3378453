package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.DeliveriesReply;
import io.starling.contract.DeliveriesReply.State;
import io.starling.contract.DeliveriesRequest;
import io.starling.contract.DeliveriesRequest.Filter;
import io.starling.contract.IntegrationId;
import io.starling.webhooks.parked.Sweep;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an endpoint that is down is owed leaves the journal, and is brought when it is back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ParkingIT {
  private static final int HOUR_OF_EVENTS = 3_600;
  private static final Duration SOON = Duration.ofSeconds(5);

  private final ParkDatabase base;

  ParkingIT(@TempDir Path folder) {
    base = new ParkDatabase(folder);
  }

  @AfterAll
  void close() {
    base.close();
  }

  /** An endpoint that answers 500 until it is well. */
  private static final class Patient {
    final AtomicBoolean well = new AtomicBoolean();
    final AtomicInteger taken = new AtomicInteger();
    final IntegrationId id;

    Patient(Stage stage, String path) {
      this(stage, path, stage.hook("temp", path));
    }

    Patient(Stage stage, String path, IntegrationId id) {
      this.id = id;
      stage.sink.on(
          path,
          request -> {
            if (!well.get()) {
              return 500;
            }
            taken.incrementAndGet();
            stage.ledger.end(id, request.webhookId());
            return 200;
          });
    }
  }

  private Stage stage() {
    return base.stage(Stage.limits(Duration.ofSeconds(5), Duration.ofHours(3)));
  }

  /** Everything has left the journal. */
  private static void awaitEmptyJournal(Stage stage) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(stage.relay.cursors()).containsOnlyKeys("webhooks");
              assertThat(stage.relay.start()).isEqualTo(stage.relay.end());
            });
  }

  private void awaitAllArrived(Stage stage, IntegrationId... ids) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              for (var id : ids) {
                assertThat(stage.ledger.open(id)).isEmpty();
                assertThat(base.count(id.toString(), "parked")).isZero();
              }
            });
    assertThat(stage.ledger.mistakes()).isEmpty();
  }

  @Test
  void anHourOfEventsArrivesWhenTheEndpointIsBackAndNobodyElseWaits() {
    try (var stage = stage()) {
      var down = new Patient(stage, "/down");
      var other = new Patient(stage, "/other", stage.hook("temp", "/other"));
      other.well.set(true);
      var _ = stage.start();
      for (int i = 0; i < HOUR_OF_EVENTS / 100; i++) {
        stage.publish("temp", 100, down.id, other.id);
      }
      awaitEmptyJournal(stage);
      assertThat(stage.ledger.open(other.id)).isEmpty();
      assertThat(base.count(down.id.toString(), "parked")).isEqualTo(HOUR_OF_EVENTS);
      long start = System.nanoTime();
      down.well.set(true);
      awaitAllArrived(stage, down.id);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%d parked events drained in %.2f s: %.0f a second, 1/%.0f of the hour%n",
          HOUR_OF_EVENTS, seconds, HOUR_OF_EVENTS / seconds, 3_600 / seconds);
      var arrived = new HashSet<String>();
      stage.sink.received("/down").forEach(request -> arrived.add(request.webhookId()));
      assertThat(arrived).isEqualTo(stage.ledger.all(down.id));
      assertThat(down.taken).hasValue(HOUR_OF_EVENTS);
    }
  }

  @Test
  void whatAnEndpointRefusesIsADeadLetter() {
    try (var stage = stage()) {
      var id = stage.hook("temp", "/refuses");
      stage.sink.on("/refuses", _ -> 400);
      var _ = stage.start();
      stage.publish("temp", 5, id);
      awaitEmptyJournal(stage);
      assertThat(base.count(id.toString(), "dead")).isEqualTo(5);
      assertThat(base.texts("SELECT last_error FROM webhooks.delivery"))
          .containsOnly("endpoint answered 400");
      assertThat(stage.sink.received("/refuses")).hasSize(15);
    }
  }

  @Test
  void deadLettersAreListedAndSentAgainUnderTheSameIds() {
    try (var stage = stage()) {
      var well = new AtomicBoolean();
      var id = stage.hook("temp", "/refuses");
      stage.sink.on(
          "/refuses",
          request -> {
            if (!well.get()) {
              return 400;
            }
            stage.ledger.end(id, request.webhookId());
            return 200;
          });
      var bus = stage.start().bus();
      stage.publish("temp", 10, id);
      awaitEmptyJournal(stage);

      var all = new Filter(id, State.DEAD, 0, Long.MAX_VALUE, null, null);
      var listed = new ArrayList<String>();
      var first = page(bus, new DeliveriesRequest.Page(all, null, 6), listed);
      assertThat(listed).hasSize(6);
      assertThat(page(bus, new DeliveriesRequest.Page(all, first, 6), listed)).isNull();
      assertThat(listed).containsExactlyInAnyOrderElementsOf(stage.ledger.all(id));
      assertThat(Stage.await(bus.ask(new DeliveriesRequest.Page(all, "1", 6), SOON)))
          .isEqualTo(new DeliveriesReply.PlaceUnknown());

      long ofDevice = listed.stream().filter(one -> one.startsWith(Stage.DEVICE + "-")).count();
      assertThat(again(bus, all, List.of(), true)).isEqualTo(10);
      var device = new Filter(id, State.DEAD, 0, Long.MAX_VALUE, Stage.DEVICE, "temp");
      assertThat(again(bus, device, List.of(), true)).isEqualTo((int) ofDevice).isPositive();
      for (var none :
          List.of(
              new Filter(id, State.DEAD, 0, 1_000, null, null),
              new Filter(id, State.DEAD, 0, Long.MAX_VALUE, null, "other"),
              new Filter(id, State.PARKED, 0, Long.MAX_VALUE, null, null),
              new Filter(IntegrationId.create(), State.DEAD, 0, Long.MAX_VALUE, null, null))) {
        assertThat(again(bus, none, List.of(), false)).as("%s", none).isZero();
      }
      assertThat(base.count(id.toString(), "dead")).isEqualTo(10);

      well.set(true);
      assertThat(again(bus, all, listed.subList(0, 3), false)).isEqualTo(3);
      await().until(() -> stage.ledger.open(id).size() == 7);
      assertThat(stage.ledger.open(id)).doesNotContainAnyElementsOf(listed.subList(0, 3));
      assertThat(again(bus, all, List.of(), false)).isEqualTo(7);
      awaitAllArrived(stage, id);
      assertThat(base.count(id.toString(), "dead")).isZero();
    }
  }

  /** Adds the webhook-ids of a page; the place behind it. */
  private static @Nullable String page(
      Bus bus, DeliveriesRequest.Page request, List<String> listed) {
    var found = (DeliveriesReply.PageFound) Stage.await(bus.ask(request, SOON));
    found.deliveries().forEach(one -> listed.add(one.webhookId()));
    return found.next();
  }

  private static int again(Bus bus, Filter filter, List<String> ids, boolean dryRun) {
    var reply = bus.ask(new DeliveriesRequest.Redeliver(filter, ids, dryRun), SOON);
    return ((DeliveriesReply.Redelivered) Stage.await(reply)).count();
  }

  @Test
  void oneThatFailsForItselfDoesNotHoldTheJournal() {
    try (var stage = stage()) {
      var id = stage.hook("temp", "/picky");
      var well = new AtomicBoolean();
      stage.sink.on(
          "/picky",
          request -> {
            if (request.webhookId().contains("-2a-1-") && !well.get()) {
              return 500;
            }
            stage.ledger.end(id, request.webhookId());
            return 200;
          });
      var _ = stage.start();
      for (int i = 0; i < 20; i++) {
        stage.publish("temp", 5, id);
      }
      awaitEmptyJournal(stage);
      assertThat(base.count(id.toString(), "parked")).isEqualTo(1);
      well.set(true);
      awaitAllArrived(stage, id);
    }
  }

  @Test
  void withoutTheDatabaseTheJournalKeepsEverything() {
    try (var stage = stage()) {
      var patient = new Patient(stage, "/patient");
      var life = stage.start();
      stage.publish("temp", 200, patient.id);
      awaitEmptyJournal(stage);
      base.server.kill();
      var kept = stage.relay.end();
      stage.publish("temp", 200, patient.id);
      await().during(Duration.ofSeconds(1)).until(() -> stage.relay.start().equals(kept));
      life.crash();
      base.restart();
      var _ = stage.start();
      awaitEmptyJournal(stage);
      assertThat(base.ids()).isEqualTo(stage.ledger.all(patient.id));
      patient.well.set(true);
      await().until(() -> patient.taken.get() > 0);
      base.server.kill();
      base.restart();
      awaitAllArrived(stage, patient.id);
    }
  }

  @Test
  void aPausedIntegrationIsParkedAndGoesOnWhenItIsResumed() {
    try (var stage = stage()) {
      var patient = new Patient(stage, "/paused");
      var configuration =
          new JsonObject().put("event", "temp").put("url", stage.sink.url("/paused"));
      stage.publish("temp", 50, patient.id);
      stage.directory.putPaused(Stage.ACCOUNT, patient.id, configuration, Instant.now(), null);
      patient.well.set(true);
      var _ = stage.start();
      awaitEmptyJournal(stage);
      assertThat(base.ids()).isEqualTo(stage.ledger.all(patient.id));
      assertThat(patient.taken).hasValue(0);
      var _ = stage.hook(patient.id, configuration);
      awaitAllArrived(stage, patient.id);
    }
  }

  @Test
  void whatIsTooOldIsADeadLetterAndGoesAwayWhoeverSweeps() {
    try (var stage = stage()) {
      var id = stage.hook("temp", "/old");
      var life = stage.start();
      await().until(() -> !life.copy().integrationsOf(Stage.ACCOUNT).isEmpty());
      var start = Instant.now();
      var now = new AtomicReference<>(start);
      var one = base.sweep(life, now::get);
      var other = base.sweep(life, now::get);
      base.add(id.toString(), "parked", start.plusSeconds(3_600), 2_500);
      sweep(one, other);
      assertThat(base.count(id.toString(), "parked")).isEqualTo(2_500);
      now.set(start.plusSeconds(3_601));
      sweep(one, other);
      sweep(one, other);
      assertThat(base.count(id.toString(), "parked")).isZero();
      assertThat(base.count(id.toString(), "dead")).isEqualTo(2_500);
      assertThat(base.texts("SELECT DISTINCT last_error FROM webhooks.delivery"))
          .containsExactly("too old: endpoint answered 500");
      now.set(start.plus(ParkDatabase.KEEP_DEAD).minusSeconds(60));
      sweep(one, other);
      assertThat(base.count(id.toString(), "dead")).isEqualTo(2_500);
      now.set(start.plus(ParkDatabase.KEEP_DEAD).plusSeconds(60));
      sweep(one, other);
      sweep(one, other);
      assertThat(base.ids()).isEmpty();
    }
  }

  private static void sweep(Sweep one, Sweep other) {
    var _ = Stage.await(Future.join(one.turn(), other.turn()));
  }

  @Test
  void whatADeletedIntegrationIsOwedIsNotSentAndGoesAway() {
    try (var stage = stage()) {
      var patient = new Patient(stage, "/deleted");
      var kept = stage.hook("other", "/kept");
      var life = stage.start();
      stage.publish("temp", 50, patient.id);
      awaitEmptyJournal(stage);
      base.add(kept.toString(), "dead", Instant.now(), 10);
      stage.directory.delete(patient.id);
      await().until(() -> life.copy().integrationsOf(Stage.ACCOUNT).size() == 1);
      patient.well.set(true);
      await().during(Duration.ofMillis(1_500)).until(() -> patient.taken.get() <= 1);
      var clock = InstantSource.system();
      sweep(base.sweep(life, clock), base.sweep(life, clock));
      assertThat(base.count(patient.id.toString(), "parked")).isZero();
      assertThat(base.count(kept.toString(), "dead")).isEqualTo(10);
    }
  }

  @Test
  void whatIsParkedGoesWithItsIntegrationToAnotherAccount() {
    try (var stage = stage()) {
      var patient = new Patient(stage, "/moved");
      var configuration =
          new JsonObject().put("event", "temp").put("url", stage.sink.url("/moved"));
      var life = stage.start();
      stage.publish("temp", 50, patient.id);
      awaitEmptyJournal(stage);
      var owner = AccountId.of("fedcba9876543210fedcba98");
      var _ = stage.directory.put(owner, patient.id, false, configuration);
      await().until(() -> !life.copy().integrationsOf(owner).isEmpty());
      patient.well.set(true);
      awaitAllArrived(stage, patient.id);
    }
  }
}
