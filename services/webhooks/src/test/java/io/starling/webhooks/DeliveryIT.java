package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountId;
import io.starling.contract.IntegrationId;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksReply.Tested;
import io.starling.contract.WebhooksRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service over a journal in memory and a real HTTP server. */
final class DeliveryIT {
  private final Stage stage = new Stage();

  @BeforeAll
  static void bePatient() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private void allDelivered(IntegrationId... integrations) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              for (var id : integrations) {
                assertThat(stage.ledger.open(id)).isEmpty();
              }
            });
    assertThat(stage.ledger.mistakes()).isEmpty();
  }

  private void cursorAtEnd() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(stage.relay.cursors())
                    .containsOnlyKeys("webhooks")
                    .containsEntry("webhooks", stage.relay.end()));
    await().untilAsserted(() -> assertThat(stage.relay.names()).hasSize(1));
  }

  @Test
  void deliversEverythingOnceWhenAllIsWell() {
    var all = stage.hook("temp", "/all");
    var some = stage.hook("temperature/in", "/some");
    stage.deliver("/all", all);
    stage.deliver("/some", some);
    stage.publish("temp", 3, all);
    var _ = stage.start();
    for (int i = 0; i < 100; i++) {
      stage.publish("temp/out", 7, all);
      stage.publish("temperature/in", 2, all, some);
      stage.publish("other", 5);
    }
    allDelivered(all, some);
    assertThat(stage.sink.received("/all")).hasSize(3 + 700 + 200);
    assertThat(stage.sink.received("/some")).hasSize(200);
    assertThat(stage.sink.received("/some").stream().map(Sink.Received::webhookId).distinct())
        .hasSize(200);
    cursorAtEnd();
  }

  @Test
  void pinsTheJournalFromItsStart() {
    var _ = stage.start();
    var start = stage.relay.end();
    await().untilAsserted(() -> assertThat(stage.relay.cursors()).containsEntry("webhooks", start));
  }

  @Test
  void sendsWhatParticleSends() {
    var _ = stage.hook("temp", "/hook");
    var _ = stage.start();
    stage.publish("temp out", 1);
    await().untilAsserted(() -> assertThat(stage.sink.received("/hook")).hasSize(1));
    var one = stage.sink.received("/hook").getFirst();
    assertThat(one.body())
        .matches(
            "event=temp\\+out&data=value\\+0&coreid=00112233445566778899aabb"
                + "&published_at=20\\d\\d-\\d\\d-\\d\\dT\\d\\d%3A\\d\\d%3A\\d\\d\\.\\d{3}Z");
    assertThat(one.headers())
        .containsEntry("user-agent", "ParticleBot/1.1 (Starling)")
        .containsEntry("accept", "application/json")
        .containsEntry("content-type", "application/x-www-form-urlencoded")
        .containsKey("webhook-timestamp");
    assertThat(one.webhookId()).isNotEmpty();
  }

  @Test
  void bringsEverythingOnceTheEndpointIsUpAndDelaysNobodyElseMeanwhile() {
    var dead = stage.hook("temp", "/dead");
    var well = stage.hook("temp", "/well");
    stage.sink.on("/dead", _ -> 503);
    stage.deliver("/well", well);
    var _ = stage.start();
    for (int i = 0; i < 200; i++) {
      stage.publish("temp", 10, dead, well);
    }
    allDelivered(well);
    await()
        .untilAsserted(
            () ->
                assertThat(stage.relay.cursors())
                    .containsEntry("webhooks", stage.relay.end())
                    .containsKey("webhooks/" + dead));
    stage.publish("temp", 10, dead, well);
    stage.deliver("/dead", dead);
    allDelivered(dead, well);
    cursorAtEnd();
    assertThat(stage.sink.received("/well")).hasSize(2010);
  }

  @Test
  void aHangingEndpointDoesNotDelayOthers() {
    var hanging = stage.hook("temp", "/hanging");
    var well = stage.hook("temp", "/well");
    stage.sink.on("/hanging", _ -> Sink.HANG);
    stage.deliver("/well", well);
    var _ = stage.start();
    for (int i = 0; i < 300; i++) {
      stage.publish("temp", 10, hanging, well);
    }
    // An answer may take 60 s here: what waited for one would come far too late.
    allDelivered(well);
    assertThat(stage.sink.received("/hanging").size()).isLessThanOrEqualTo(64);
    stage.deliver("/hanging", hanging);
    stage.sink.cutHanging();
    allDelivered(hanging);
    cursorAtEnd();
  }

  /** Takes everything at a path but one event, for which it answers 500. */
  private void poisoned(String path, IntegrationId id) {
    stage.sink.on(
        path,
        request -> {
          if (request.body().contains("poison")) {
            return 500;
          }
          stage.ledger.end(id, request.webhookId());
          return 200;
        });
  }

  @Test
  void aSingleDeliveryThatFailsForLongHoldsUpNothingElseOfItsIntegration() {
    var id = stage.hook("temp", "/picky");
    poisoned("/picky", id);
    var _ = stage.start();
    stage.relay.append(List.of(stage.event("temp", "poison")));
    for (int i = 0; i < 100; i++) {
      stage.publish("temp", 10, id);
    }
    allDelivered(id);
    await()
        .untilAsserted(
            () ->
                assertThat(stage.relay.cursors())
                    .containsEntry("webhooks", stage.relay.end())
                    .containsKey("webhooks/" + id));
    stage.deliver("/picky", id);
    cursorAtEnd();
  }

  @Test
  void whatFailsAgainAndAgainDoesNotCloseTheWayForWhatComesLater() {
    var id = stage.hook("temp", "/hook");
    poisoned("/hook", id);
    var _ = stage.start();
    stage.relay.append(List.of(stage.event("temp", "poison")));
    await().until(() -> stage.sink.received("/hook").size() > 12);
    stage.publish("temp", 20, id);
    allDelivered(id);
  }

  @Test
  void givesUpAfterThreeRefusals() {
    var id = stage.hook("temp", "/gone");
    stage.sink.on("/gone", _ -> 404);
    var life = stage.start();
    stage.publish("temp", 5);
    await().untilAsserted(() -> assertThat(life.count("starling.webhooks.given_up")).isEqualTo(5));
    assertThat(
            stage.sink.received("/gone").stream()
                .collect(Collectors.groupingBy(Sink.Received::webhookId, Collectors.counting()))
                .values())
        .hasSize(5)
        .containsOnly(3L);
    cursorAtEnd();
    assertThat(stage.relay.cursors()).doesNotContainKey("webhooks/" + id);
  }

  @Test
  void theLaneOfADeletedIntegrationGoesAway() {
    var id = stage.hook("temp", "/dead");
    stage.sink.on("/dead", _ -> 503);
    var _ = stage.start();
    stage.publish("temp", 100);
    await().untilAsserted(() -> assertThat(stage.relay.cursors()).containsKey("webhooks/" + id));
    stage.directory.delete(id);
    cursorAtEnd();
  }

  @Test
  void theLaneOfAnIntegrationThatWasDeletedMeanwhileGoesAway() {
    stage.relay.putCursor("webhooks", stage.relay.end());
    stage.relay.putCursor("webhooks/0000000000000000000000aa", stage.relay.end());
    var _ = stage.start();
    stage.publish("temp", 100);
    cursorAtEnd();
  }

  @Test
  void anEditedIntegrationGetsWhatIsOwedAtItsNewUrl() {
    var id = stage.hook("temp", "/old");
    stage.sink.on("/old", _ -> 503);
    stage.deliver("/new", id);
    var _ = stage.start();
    stage.publish("temp", 100, id);
    await().untilAsserted(() -> assertThat(stage.sink.received("/old")).isNotEmpty());
    var _ =
        stage.hook(id, new JsonObject().put("event", "temp").put("url", stage.sink.url("/new")));
    allDelivered(id);
  }

  @Test
  void whatAPausedIntegrationIsOwedWaitsAlsoOverACrashAndGoesOn() {
    var id = stage.hook("temp", "/paused");
    stage.sink.on("/paused", _ -> 503);
    var configuration = new JsonObject().put("event", "temp").put("url", stage.sink.url("/paused"));
    var first = stage.start();
    stage.publish("temp", 100, id);
    await().untilAsserted(() -> assertThat(stage.sink.received("/paused")).isNotEmpty());
    var pausedAt = nextMillisecond();
    stage.directory.putPaused(Stage.ACCOUNT, id, configuration, pausedAt, null);
    stage.deliver("/paused", id);
    stage.publish("temp", 30);
    await()
        .untilAsserted(
            () ->
                assertThat(stage.relay.cursors())
                    .containsEntry("webhooks", stage.relay.end())
                    .containsKey("webhooks/" + id));
    first.crash();
    var _ = stage.start();
    stage.publish("temp", 30);
    await()
        .untilAsserted(
            () -> assertThat(stage.relay.cursors()).containsEntry("webhooks", stage.relay.end()));
    // What was under way when it was switched off may have come through.
    assertThat(stage.ledger.open(id)).isNotEmpty();
    stage.directory.putPaused(Stage.ACCOUNT, id, configuration, pausedAt, nextMillisecond());
    stage.publish("temp", 10, id);
    allDelivered(id);
    assertThat(stage.sink.received("/paused").stream().map(Sink.Received::webhookId).distinct())
        .hasSize(110);
    cursorAtEnd();
  }

  /** A moment that everything published so far is before, and everything after is behind. */
  private static Instant nextMillisecond() {
    long now = System.currentTimeMillis() + 1;
    await().pollInterval(Duration.ofMillis(1)).until(() -> System.currentTimeMillis() > now);
    return Instant.ofEpochMilli(now);
  }

  @Test
  void aPauseHoldsTheJournalNoLongerThanADeliveryMayWait() {
    var id = IntegrationId.create();
    var configuration = new JsonObject().put("event", "temp").put("url", stage.sink.url("/off"));
    var fourHoursAgo = Instant.now().minus(Duration.ofHours(4));
    stage.directory.putPaused(Stage.ACCOUNT, id, configuration, fourHoursAgo, null);
    var owed = stage.event("temp", "old").publishedAt(fourHoursAgo.minusSeconds(1).toEpochMilli());
    stage.relay.append(List.of(owed));
    var _ = stage.start();
    stage.publish("temp", 10);
    cursorAtEnd();
    assertThat(stage.sink.received("/off")).isEmpty();
  }

  @Test
  void aTestSendsOneRequestOfItsOwnAlsoToAPausedIntegration() {
    var id = IntegrationId.create();
    var configuration = new JsonObject().put("event", "temp").put("url", stage.sink.url("/test"));
    stage.directory.putPaused(Stage.ACCOUNT, id, configuration, Instant.now(), null);
    stage.sink.on("/test", _ -> 418);
    var life = stage.start();
    await().until(() -> life.copy().integration(id).isPresent());

    assertThat(test(life, Stage.ACCOUNT, id))
        .isEqualTo(new Tested(Tested.Outcome.REFUSED, 418, "endpoint answered 418"));
    assertThat(stage.sink.received("/test")).hasSize(1);
    assertThat(stage.sink.received("/test").getFirst().body())
        .startsWith("event=temp&data=test-event&coreid=api");
    assertThat(test(life, AccountId.create(), id)).isEqualTo(new WebhooksReply.NotFound());
  }

  private static WebhooksReply.TestReply test(
      Stage.Life life, AccountId account, IntegrationId id) {
    var request = new WebhooksRequest.TestIntegration(account, id);
    return Stage.await(life.bus().ask(request, Duration.ofSeconds(10)));
  }

  @Test
  void findsTheLeaderAgainAndGoesOn() {
    var id = stage.hook("temp", "/well");
    stage.deliver("/well", id);
    var life = stage.start();
    stage.publish("temp", 10, id);
    allDelivered(id);
    life.line().notLeader().set(true);
    stage.publish("temp", 10, id);
    stage.publish("temp", 10, id);
    life.line().notLeader().set(false);
    allDelivered(id);
    cursorAtEnd();
    assertThat(new HashSet<>(stage.sink.received("/well"))).hasSize(30);
  }

  @Test
  void givesALeaderThatForgotIt_theCursorOfALaneAgain() {
    var id = stage.hook("temp", "/dead");
    stage.sink.on("/dead", _ -> 503);
    var life = stage.start();
    stage.publish("temp", 100);
    String lane = "webhooks/" + id;
    await().untilAsserted(() -> assertThat(stage.relay.cursors()).containsKey(lane));
    life.line().notLeader().set(true);
    stage.relay.forgetLane(id);
    life.line().notLeader().set(false);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(stage.relay.cursors()).containsKey(lane));
  }

  @Test
  void afterACrashRepeatsBearTheSameWebhookId() {
    var id = stage.hook("temp", "/slow");
    stage.sink.on("/slow", _ -> Sink.HANG);
    var first = stage.start();
    stage.publish("temp", 5, id);
    await().untilAsserted(() -> assertThat(stage.sink.received("/slow")).hasSize(5));
    first.crash();
    stage.deliver("/slow", id);
    var _ = stage.start();
    allDelivered(id);
    assertThat(stage.sink.received("/slow").stream().map(Sink.Received::webhookId).distinct())
        .hasSize(5);
  }

  @Test
  void anIntegrationThatIsSwitchedOffGetsNothing() {
    var off = IntegrationId.create();
    var configuration = new JsonObject().put("event", "temp").put("url", stage.sink.url("/off"));
    var _ = stage.directory.put(Stage.ACCOUNT, off, true, configuration);
    var on = stage.hook("temp", "/on");
    stage.deliver("/on", on);
    var _ = stage.start();
    stage.publish("temp", 10, on);
    allDelivered(on);
    cursorAtEnd();
    assertThat(stage.sink.received("/off")).isEmpty();
  }

  @Test
  void eventsOfOtherAccountsAreNobodyElsesBusiness() {
    var id = IntegrationId.create();
    var configuration = new JsonObject().put("event", "temp").put("url", stage.sink.url("/other"));
    var _ = stage.directory.put(AccountId.create(), id, false, configuration);
    var mine = stage.hook("temp", "/mine");
    stage.deliver("/mine", mine);
    var _ = stage.start();
    stage.publish("temp", 10, mine);
    allDelivered(mine);
    cursorAtEnd();
    assertThat(stage.sink.received("/other")).isEmpty();
  }

  @Test
  void tellsItsHealthWithoutADatabase() {
    var life = stage.start();
    await()
        .untilAsserted(
            () -> {
              var part = Objects.requireNonNull(life.health().look().get("webhooks"));
              assertThat(part.status()).isEqualTo(Health.Status.DEGRADED);
              assertThat(part.figures())
                  .containsEntry("shards_followed", 1L)
                  .containsKeys("lag_seconds_shard_0", "parked_lanes", "in_flight");
            });
  }
}
