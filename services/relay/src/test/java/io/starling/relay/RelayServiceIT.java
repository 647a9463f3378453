package io.starling.relay;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.Origin;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest;
import io.starling.directory.Directory;
import io.starling.directory.DirectoryFollower;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay with a real journal and a real PostgreSQL, asked over a real bus. */
class RelayServiceIT {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final AccountId ANN = AccountId.create();

  @TempDir static Path databaseFolder;
  private static EmbeddedDatabase server;

  @TempDir Path data;
  private Vertx vertx;
  private Node node;
  private PrimaryPool pool;
  private Context context;
  private EventAppender appender;
  private String deployment;

  @BeforeAll
  static void startDatabase() {
    server = EmbeddedDatabase.start(databaseFolder);
  }

  @AfterAll
  static void stopDatabase() {
    server.close();
  }

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    var meters = new SimpleMeterRegistry();
    node =
        get(
            Node.open(
                "node", "region", data, 2, vertx, Sessions.ofThisProcess(), new Health(), meters));
    pool = PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), meters);
    context = vertx.getOrCreateContext();
    deploy();
    appender =
        onContext(
            () ->
                Future.succeededFuture(
                    new EventAppender(vertx, node.bus(), node.leaders(), 2, LIMIT)));
  }

  private void deploy() throws Exception {
    var directory = new Directory(InstantSource.system());
    var _ = vertx.deployVerticle(new DirectoryFollower(node.bus(), directory));
    var config = new RelayConfig("127.0.0.1", 0, List.of(), Duration.ofHours(3), 0, 1 << 20, 30);
    deployment =
        get(vertx.deployVerticle(new RelayService(node, config, pool, directory, cause -> {})));
  }

  @AfterEach
  void stop() throws Exception {
    if (!server.isRunning()) {
      server.restart();
    }
    get(vertx.close());
  }

  @CanIgnoreReturnValue
  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(15, SECONDS);
  }

  @CanIgnoreReturnValue
  private <T> T onContext(Supplier<Future<T>> work) throws Exception {
    var result = new java.util.concurrent.CompletableFuture<T>();
    context.runOnContext(
        now -> work.get().onSuccess(result::complete).onFailure(result::completeExceptionally));
    return result.get(15, SECONDS);
  }

  private static Event event(DeviceId device, long sequence, String name) {
    return event(device, sequence, name, EventClass.NORMAL, Buffer.buffer("data " + sequence));
  }

  private static Event event(DeviceId device, long sequence, EventClass eventClass, int bytes) {
    return event(device, sequence, "temp", eventClass, Buffer.buffer(new byte[bytes]));
  }

  private static Event event(
      DeviceId device, long sequence, String name, EventClass eventClass, Buffer data) {
    return new Event(
        new EventId(device, 1, sequence),
        Origin.DEVICE,
        ANN,
        0,
        name,
        data,
        eventClass,
        1_750_000_000_000L + sequence);
  }

  @CanIgnoreReturnValue
  private List<EventAppender.Outcome> append(int shard, List<Event> events) throws Exception {
    return onContext(
        () -> {
          var outcomes = new ArrayList<Future<EventAppender.Outcome>>();
          events.forEach(event -> outcomes.add(appender.append(shard, event)));
          return Future.all(outcomes).map(all -> all.<EventAppender.Outcome>list());
        });
  }

  private List<Long> rows(DeviceId device) {
    try {
      return get(
          pool.withConnection(
              connection ->
                  connection
                      .preparedQuery(
                          "SELECT sequence FROM relay.event WHERE origin_id = $1 ORDER BY published_at")
                      .execute(io.vertx.sqlclient.Tuple.of(device.toString()))
                      .map(
                          found -> {
                            var sequences = new ArrayList<Long>();
                            found.forEach(row -> sequences.add(row.getLong("sequence")));
                            return sequences;
                          })));
    } catch (Exception e) {
      return List.of(-1L);
    }
  }

  @Test
  void anAcknowledgedEventBecomesOneRowHoweverOftenItIsSent() throws Exception {
    var device = DeviceId.create();
    var events = List.of(event(device, 1, "temp"), event(device, 2, "temp"));
    assertThat(append(0, events))
        .allMatch(outcome -> outcome instanceof EventAppender.Outcome.Committed);
    assertThat(append(0, events))
        .allMatch(outcome -> outcome instanceof EventAppender.Outcome.Committed);
    assertThat(append(0, List.of(event(device, 3, "temp")))).hasSize(1);

    await().atMost(LIMIT).untilAsserted(() -> assertThat(rows(device)).containsExactly(1L, 2L, 3L));
  }

  @Test
  void acknowledgesWithoutADatabaseAndDrainsInOrderWhenItIsBack() throws Exception {
    var device = DeviceId.create();
    append(0, List.of(event(device, 1, "temp")));
    await().atMost(LIMIT).untilAsserted(() -> assertThat(rows(device)).containsExactly(1L));
    server.stop();
    for (long sequence = 2; sequence <= 50; sequence++) {
      assertThat(append(0, List.of(event(device, sequence, "temp"))))
          .allMatch(outcome -> outcome instanceof EventAppender.Outcome.Committed);
    }
    server.restart();

    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(rows(device)).hasSize(50).isSorted());
  }

  @Test
  void whatIsCriticalIsDrainedBeforeWhatHasWaitedLonger() throws Exception {
    var device = DeviceId.create();
    append(0, List.of(event(device, 1, "temp")));
    await().atMost(LIMIT).untilAsserted(() -> assertThat(rows(device)).containsExactly(1L));
    server.stop();
    for (long first = 2; first <= 12_001; first += 3_000) {
      var waiting =
          LongStream.range(first, first + 3_000)
              .mapToObj(sequence -> event(device, sequence, EventClass.NORMAL, 1_000))
              .toList();
      assertThat(append(0, waiting))
          .allMatch(outcome -> outcome instanceof EventAppender.Outcome.Committed);
    }
    append(0, List.of(event(device, 30_000, EventClass.CRITICAL, 10)));
    server.restart();

    var atAlarm =
        await()
            .atMost(Duration.ofSeconds(30))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(10))
            .ignoreExceptions()
            .until(() -> rows(device), sequences -> sequences.contains(30_000L));
    assertThat(atAlarm).hasSizeLessThan(12_002);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(rows(device)).hasSize(12_002));
  }

  @Test
  void goesOnAfterARestartWhereTheDatabaseStands() throws Exception {
    var device = DeviceId.create();
    append(1, List.of(event(device, 1, "a")));
    server.stop();
    append(1, List.of(event(device, 2, "a")));
    get(vertx.undeploy(deployment));
    server.restart();
    deploy();
    append(1, List.of(event(device, 3, "a")));

    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(rows(device)).containsExactly(1L, 2L, 3L));
  }

  @Test
  void sendsLiveEventsOnceToThoseWhoWantThem() throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    var feed =
        onContext(
            () ->
                LiveFeed.open(
                    vertx,
                    node.bus(),
                    node.leaders(),
                    node.shards(),
                    "holder",
                    entries ->
                        EventBatch.decode(entries.events())
                            .forEach(event -> seen.add(event.name() + event.id().sequence()))));
    onContext(
        () ->
            Future.all(
                feed.add(new Interest(ANN, Interest.Kind.PREFIX, "te")),
                feed.add(new Interest(ANN, Interest.Kind.FILTER, "temp"))));
    var device = DeviceId.create();
    append(
        0, List.of(event(device, 1, "temp"), event(device, 2, "other"), event(device, 3, "temp")));
    append(0, List.of(event(device, 4, "test")));

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(seen).containsExactly("temp1", "temp3", "test4"));
  }

  @Test
  void keepsSessionsWhereItTellsThatItDoes() throws Exception {
    await().atMost(LIMIT).until(() -> node.leaders().findSessions().isPresent());
    String leader = node.leaders().findSessions().orElseThrow();
    var attach = new SessionsRequest.Attach(leader, "ann/app", ANN, 1, "gateway-1", false, 3_600);

    assertThat(get(node.bus().ask(attach, LIMIT)))
        .isEqualTo(new SessionsReply.Attached(false, List.of(), List.of()));
    assertThat(node.health().look())
        .hasEntrySatisfying(
            "session-log", part -> assertThat(part.figures()).containsEntry("sessions", 1));
  }

  @Test
  void readersGoOnFromTheirCursor() throws Exception {
    var device = DeviceId.create();
    append(0, List.of(event(device, 1, "a")));
    append(0, List.of(event(device, 2, "a")));
    var all = read(JournalPosition.START, 0);
    assertThat(EventBatch.decode(all.events())).hasSize(2);
    assertThat(all.positions()).hasSize(2);
    var second = all.positions().get(1).position();
    get(node.bus().ask(new RelayRequest.SetCursor("node", 0, "webhooks", second), LIMIT));

    get(vertx.undeploy(deployment));
    deploy();
    var cursors =
        (RelayReply.Cursors)
            get(node.bus().ask(new RelayRequest.ListCursors("node", 0, "webhooks"), LIMIT));
    assertThat(cursors.cursors()).containsEntry("webhooks", second);
    assertThat(EventBatch.decode(read(second, 0).events()))
        .extracting(event -> event.id().sequence())
        .containsExactly(2L);
  }

  @Test
  void aReaderThatWaitsIsWokenByTheNextEvent() throws Exception {
    var device = DeviceId.create();
    var end =
        ((RelayReply.Cursors)
                get(node.bus().ask(new RelayRequest.ListCursors("node", 1, ""), LIMIT)))
            .end();
    var waiting = node.bus().ask(new RelayRequest.Read("node", 1, end, 1 << 20, 4_000), LIMIT);
    append(1, List.of(event(device, 9, "a")));

    var records = (RelayReply.Records) get(waiting);
    assertThat(EventBatch.decode(records.events()))
        .extracting(event -> event.id().sequence())
        .containsExactly(9L);
  }

  @Test
  void aReaderThatWaitsSleepsOnThroughCommitsWithoutEvents() throws Exception {
    var device = DeviceId.create();
    append(0, List.of(event(device, 1, "a")));
    var end = read(JournalPosition.START, 0).next();
    var waiting = node.bus().ask(new RelayRequest.Read("node", 0, end, 1 << 20, 4_000), LIMIT);
    get(node.bus().ask(new RelayRequest.SetCursor("node", 0, "webhooks", end), LIMIT));
    append(0, List.of(event(device, 2, "a")));

    var records = (RelayReply.Records) get(waiting);
    assertThat(EventBatch.decode(records.events()))
        .extracting(event -> event.id().sequence())
        .containsExactly(2L);
  }

  private RelayReply.Records read(JournalPosition from, long waitMillis) throws Exception {
    return (RelayReply.Records)
        get(node.bus().ask(new RelayRequest.Read("node", 0, from, 1 << 20, waitMillis), LIMIT));
  }
}
