package io.starling.webhooks;

import static io.starling.webhooks.Stage.ACCOUNT;
import static io.starling.webhooks.Stage.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.AttemptsReply;
import io.starling.contract.AttemptsReply.Attempt;
import io.starling.contract.AttemptsReply.Fate;
import io.starling.contract.AttemptsReply.Obstacle;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.AttemptsReply.OverviewFound;
import io.starling.contract.AttemptsReply.PageFound;
import io.starling.contract.AttemptsReply.State;
import io.starling.contract.AttemptsReply.Traced;
import io.starling.contract.AttemptsRequest;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.IntegrationId;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.starling.webhooks.Stage.Life;
import io.starling.webhooks.parked.ParkingLimits;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The log of attempts: real requests, a real PostgreSQL, asked over the bus. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AttemptsIT {
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private final EmbeddedDatabase database;
  private final Stage stage;
  private final Life life;

  AttemptsIT(@TempDir Path folder) {
    database = EmbeddedDatabase.start(folder.resolve("postgres"), EmbeddedSettings.forTests());
    var limits = Stage.limits(Duration.ofSeconds(60), Duration.ofHours(3));
    var parking =
        new ParkingLimits(
            Duration.ofHours(1), limits.retries().maxAge(), Duration.ofDays(30), 1_000);
    stage = new Stage(limits, database.uri(), parking);
    life = stage.start();
  }

  @BeforeAll
  void migrated() {
    until(() -> ask(overview(IntegrationId.create())) instanceof OverviewFound);
  }

  @AfterAll
  void close() {
    stage.close();
    database.close();
  }

  private static void until(java.util.concurrent.Callable<Boolean> claim) {
    Awaitility.await().atMost(Duration.ofSeconds(15)).until(claim);
  }

  private static AttemptsRequest.Overview overview(IntegrationId id) {
    return new AttemptsRequest.Overview(ACCOUNT, id);
  }

  private AttemptsReply ask(AttemptsRequest.Overview request) {
    return Stage.await(life.bus().ask(request, DEADLINE));
  }

  private static AttemptsRequest.Page page(
      IntegrationId id, List<Outcome> outcomes, @Nullable String after, int limit) {
    return new AttemptsRequest.Page(
        ACCOUNT, id, 0, Long.MAX_VALUE, outcomes, null, null, after, limit);
  }

  private PageFound ask(AttemptsRequest.Page request) {
    return (PageFound) Stage.await(life.bus().ask(request, DEADLINE));
  }

  /** The attempts of an integration, the first first, once there are so many. */
  private List<Attempt> attempts(IntegrationId id, int count) {
    var request = page(id, List.of(), null, 100);
    until(() -> ask(request).attempts().size() >= count);
    return ask(request).attempts().reversed();
  }

  private List<Fate> trace(Event event) {
    var batch = Buffer.buffer();
    EventBatch.write(batch, event);
    var request = new AttemptsRequest.Trace(event.account(), batch);
    return ((Traced) Stage.await(life.bus().ask(request, DEADLINE))).fates();
  }

  private Fate fate(Event event, IntegrationId id) {
    return trace(event).stream()
        .filter(fate -> fate.integration().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until the process knows of it: what is published before is not for it. */
  private IntegrationId known(IntegrationId id) {
    until(() -> life.copy().integration(ACCOUNT, id).isPresent());
    return id;
  }

  private IntegrationId hook(String event, String path) {
    return known(stage.hook(event, path));
  }

  private Event publish(String name, String data) {
    var event = stage.event(name, data);
    stage.relay.append(List.of(event));
    return event;
  }

  @Test
  void tellsWhatBecameOfEachAttempt() {
    var id = hook("told", "/told");
    var asked = new AtomicInteger();
    stage.sink.on("/told", _ -> asked.incrementAndGet() == 1 ? 503 : 200);
    stage.sink.body("/told", Buffer.buffer("so be it"));
    var event = publish("told/1", "x");

    var attempts = attempts(id, 2);
    var first = attempts.get(0);
    assertThat(first.outcome()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(first.status()).isEqualTo(503);
    assertThat(first.error()).isEqualTo("error status 503 from 127.0.0.1");
    assertThat(first.number()).isEqualTo(1);
    var second = attempts.get(1);
    assertThat(second.outcome()).isEqualTo(Outcome.DELIVERED);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.error()).isEmpty();
    assertThat(second.number()).isEqualTo(2);
    for (var attempt : attempts) {
      assertThat(attempt.event()).isEqualTo(event.id().toString());
      assertThat(attempt.name()).isEqualTo("told/1");
      assertThat(attempt.device()).isEqualTo(DEVICE);
      assertThat(attempt.webhookId())
          .isEqualTo(stage.sink.received("/told").getFirst().webhookId());
      assertThat(attempt.host()).isEqualTo("127.0.0.1");
      assertThat(attempt.method()).isEqualTo("POST");
      assertThat(attempt.answer().toString()).isEqualTo("so be it");
      assertThat(attempt.split().total()).isGreaterThanOrEqualTo(attempt.split().firstByte());
    }
  }

  @Test
  void keepsTheBeginningOfAnAnswerWhateverItIs() {
    var id = hook("binary", "/binary");
    var answer = Buffer.buffer(new byte[] {0, (byte) 0xff}).appendString("x".repeat(10_000));
    stage.sink.body("/binary", answer);
    stage.sink.on("/binary", _ -> 404);
    var _ = publish("binary", "x");

    var refused = attempts(id, 1).getFirst();
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.answer()).isEqualTo(answer.slice(0, Attempt.MAX_ANSWER));
  }

  @Test
  void blotsOutSecretsThatAreEchoed() {
    var configuration =
        new JsonObject()
            .put("event", "echo")
            .put("url", stage.sink.url("/echo"))
            .put("headers", new JsonObject().put("X-Api-Key", "k3y-9"))
            .put("auth", new JsonObject().put("username", "u").put("password", "pässword"));
    var id = known(stage.hook(IntegrationId.create(), configuration));
    stage.sink.on(
        "/echo",
        request -> {
          stage.sink.body("/echo", Buffer.buffer(request.headers() + " pässword; the end"));
          return 200;
        });
    var _ = publish("echo", "x");

    var answer = attempts(id, 1).getFirst().answer().toString();
    assertThat(answer)
        .contains("the end", "********")
        .doesNotContain("k3y-9", "pässword", "Basic ");
  }

  private static boolean isRefused(Attempt attempt) {
    return attempt.outcome() == Outcome.REFUSED;
  }

  private void givenUp(IntegrationId id) {
    until(() -> !ask(page(id, List.of(Outcome.GIVEN_UP), null, 1)).attempts().isEmpty());
  }

  @Test
  void countsByHour() {
    var id = hook("hours", "/hours");
    stage.sink.on("/hours", request -> request.body().contains("bad") ? 410 : 200);
    for (String data : new String[] {"good", "bad", "good"}) {
      var _ = publish("hours", data);
    }
    givenUp(id);
    until(() -> ask(page(id, List.of(Outcome.DELIVERED), null, 10)).attempts().size() == 2);

    var found = (OverviewFound) ask(overview(id));
    var sums = new long[3];
    for (var hour : found.hours()) {
      sums[0] += hour.sent();
      sums[1] += hour.refused();
      sums[2] += hour.givenUp();
      assertThat(hour.hourMillis() % Duration.ofHours(1).toMillis()).isZero();
    }
    long refused = found.failed().stream().filter(AttemptsIT::isRefused).count();
    assertThat(sums).containsExactly(2, refused, 1).doesNotContain(0);
    assertThat(found.failed()).hasSize((int) refused + 1);
    assertThat(found.failed().getFirst().outcome()).isEqualTo(Outcome.GIVEN_UP);
    assertThat(found.last()).containsAll(found.failed()).hasSize((int) refused + 3);
    var another = new AttemptsRequest.Overview(AccountId.create(), id);
    assertThat(ask(another)).isEqualTo(new OverviewFound(List.of(), List.of(), List.of()));
  }

  @Test
  void pagesGoOnWhereTheyEnded() {
    var id = hook("pages", "/pages");
    stage.sink.on("/pages", request -> request.body().contains("bad") ? 404 : 200);
    Event bad = publish("pages", "bad");
    for (int i = 0; i < 8; i++) {
      var _ = publish("pages", "value " + i);
    }
    givenUp(id);
    until(() -> ask(page(id, List.of(Outcome.DELIVERED), null, 100)).attempts().size() == 8);
    var all = attempts(id, 10).reversed();

    var read = new ArrayList<Attempt>();
    for (String after = ""; after != null; ) {
      var part = ask(page(id, List.of(), after.isEmpty() ? null : after, 3));
      assertThat(part.attempts()).hasSizeLessThanOrEqualTo(3);
      read.addAll(part.attempts());
      after = part.next();
    }
    assertThat(read).isEqualTo(all);
    assertThat(ask(page(id, List.of(Outcome.REFUSED), null, 3)).attempts())
        .isNotEmpty()
        .allMatch(AttemptsIT::isRefused)
        .allMatch(attempt -> attempt.event().equals(bad.id().toString()));
    assertThat(ask(narrow(id, DEVICE, null)).attempts()).isEqualTo(all);
    assertThat(ask(narrow(id, DeviceId.create(), null)).attempts()).isEmpty();
    assertThat(ask(narrow(id, null, bad.id().toString())).attempts()).hasSize(all.size() - 8);
    assertThat(Stage.await(life.bus().ask(page(id, List.of(), "no place", 3), DEADLINE)))
        .isEqualTo(new AttemptsReply.PlaceUnknown());
  }

  private static AttemptsRequest.Page narrow(
      IntegrationId id, @Nullable DeviceId device, @Nullable String event) {
    return new AttemptsRequest.Page(
        ACCOUNT, id, 0, Long.MAX_VALUE, List.of(), device, event, null, 100);
  }

  private JsonObject traced() {
    return new JsonObject().put("event", "trace").put("url", stage.sink.url("/trace"));
  }

  private IntegrationId traced(String property, Object value) {
    return known(stage.hook(IntegrationId.create(), traced().put(property, value)));
  }

  @Test
  void saysOfEachIntegrationWhatBecameOfAnEvent() {
    var delivered = hook("trace", "/trace");
    var waiting = hook("trace", "/trace-hanging");
    stage.sink.on("/trace-hanging", _ -> Sink.HANG);
    var refused = hook("trace", "/trace-refused");
    stage.sink.on("/trace-refused", _ -> 404);
    var gone = hook("trace", "/trace-gone");
    var name = traced("event", "trace/more");
    var product = traced("productID", 7);
    var device = traced("deviceID", "f".repeat(24));
    var group =
        stage.hook(IntegrationId.create(), traced().put("groups", "lab").put("productID", 0));
    var filter = traced("filter", new JsonObject().put("t", new JsonObject().put("$gt", 30)));
    var paused = IntegrationId.create();
    var now = Instant.now();
    stage.directory.putPaused(ACCOUNT, paused, traced(), now.minusSeconds(60), null);
    var _ = known(paused);
    var event = publish("trace", "{\"t\":20}");
    var _ = attempts(delivered, 1);
    givenUp(refused);
    var _ = attempts(gone, 1);
    stage.directory.delete(gone);
    until(() -> fate(event, gone).obstacle() == Obstacle.DELETED);

    assertThat(fate(event, delivered).state()).isEqualTo(State.DELIVERED);
    assertThat(fate(event, delivered).attempts()).hasSize(1);
    assertThat(fate(event, waiting)).isEqualTo(fate(waiting, Obstacle.NONE, "", State.WAITING));
    until(() -> fate(event, refused).state() == State.DEAD);
    assertThat(fate(event, refused).attempts().getLast().outcome()).isEqualTo(Outcome.GIVEN_UP);
    assertThat(fate(event, gone).state()).isEqualTo(State.DELIVERED);
    assertThat(fate(event, name))
        .isEqualTo(none(name, Obstacle.NAME, "the name does not start with trace/more"));
    assertThat(fate(event, product))
        .isEqualTo(none(product, Obstacle.PRODUCT, "it is for product 7, the event is of none"));
    assertThat(fate(event, device))
        .isEqualTo(none(device, Obstacle.DEVICE, "it is for device " + "f".repeat(24)));
    assertThat(fate(event, filter))
        .isEqualTo(none(filter, Obstacle.FILTER, "filter: t is 20, wanted: {\"$gt\":30}"));
    assertThat(fate(event, paused))
        .isEqualTo(none(paused, Obstacle.PAUSED, "it was disabled when the event was published"));
    assertThat(fate(event, group))
        .isEqualTo(none(group, Obstacle.BROKEN, "its configuration cannot be used"));
    var before = event.publishedAt(Instant.EPOCH.toEpochMilli());
    assertThat(fate(before, waiting).obstacle()).isEqualTo(Obstacle.NEWER);
    stage.sink.cutHanging();
  }

  private static Fate none(IntegrationId id, Obstacle obstacle, String reason) {
    return fate(id, obstacle, reason, State.NONE);
  }

  private static Fate fate(IntegrationId id, Obstacle obstacle, String reason, State state) {
    return new Fate(id, obstacle, reason, state, List.of());
  }

  @Test
  void deliversOnWhileTheDatabaseIsAwayAndWritesItsLogAfterwards() {
    var id = hook("away", "/away");
    database.kill();
    var event = publish("away", "x");
    until(() -> stage.sink.received("/away").size() == 1);
    var began = Instant.now();
    assertThat(ask(overview(id))).isInstanceOf(AttemptsReply.DatabaseDown.class);
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofMillis(1_500));
    database.restart();

    until(() -> ask(overview(id)) instanceof OverviewFound found && found.last().size() == 1);
    assertThat(attempts(id, 1).getFirst().event()).isEqualTo(event.id().toString());
  }
}
