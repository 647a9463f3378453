package io.starling.webhooks.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.contract.AccountId;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.starling.directory.Entry;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Exchanged;
import io.starling.webhooks.send.Talk;
import io.starling.webhooks.send.Timing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Lines on their way into a real PostgreSQL, and out of it when they are old. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AttemptWriterIT {
  private static final Instant NOW = Instant.parse("2026-11-23T10:20:30Z");

  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedDatabase server;
  private final PrimaryPool pool;
  private final AttemptStore store;
  private Instant now = NOW;
  private final InstantSource clock = () -> now;

  AttemptWriterIT(@TempDir Path folder) {
    server = EmbeddedDatabase.start(folder.resolve("postgres"), EmbeddedSettings.forTests());
    pool =
        PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), new SimpleMeterRegistry());
    store = new AttemptStore(pool);
  }

  @BeforeAll
  void prepare() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(
            () ->
                await(
                    new Migrations(vertx, pool)
                        .migrate("webhooks", "classpath:db/webhooks")
                        .map(true)));
  }

  @AfterAll
  void close() {
    var _ = await(pool.close());
    server.close();
    var _ = await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static AttemptLog.Delivery delivery(IntegrationId id, int number) {
    var configuration = new JsonObject().put("url", "http://h/");
    var hook =
        Hook.of(
            new Entry.Integration(
                id, new AccountId(1, 1), "t", "http://h/", false, configuration, NOW, null));
    var event =
        new Event(
            new EventId(new DeviceId(1, 1), 1, number),
            Origin.DEVICE,
            new AccountId(1, 1),
            0,
            "t",
            Buffer.buffer("x"),
            EventClass.NORMAL,
            0);
    return new AttemptLog.Delivery(hook, List.of(event), event.id() + "-" + id, number);
  }

  private static Exchanged taken() {
    return new Exchanged(
        new Attempt.Delivered(200),
        "h",
        null,
        new Timing(1, 2, 3, 4, 5),
        new Talk("POST", 200, Buffer.buffer("ok")));
  }

  private static AttemptRow row(IntegrationId id, int number) {
    return AttemptRow.of(delivery(id, number), taken(), NOW.toEpochMilli(), number).getFirst();
  }

  private AttemptWriter writer(AttemptStore into, long bytes) {
    return new AttemptWriter(into, clock, bytes, new SimpleMeterRegistry());
  }

  private List<Row> rows(String sql) {
    return await(
        pool.withConnection(
            connection -> connection.query(sql).execute().map(rows -> rows.stream().toList())));
  }

  private long count(IntegrationId id) {
    return rows("SELECT count(*) FROM webhooks.attempt WHERE integration = '" + id + "'")
        .getFirst()
        .getLong(0);
  }

  @Test
  void writesAllThatWaitsInBatches() {
    var id = IntegrationId.create();
    var writer = writer(store, 16 << 20);
    int many = 3 * AttemptWriter.BATCH + 7;
    for (int i = 1; i <= many; i++) {
      writer.attempted(delivery(id, i), taken());
    }
    var _ = await(writer.turn());
    assertThat(count(id)).isEqualTo(many);
    assertThat(writer.waiting()).isZero();
    assertThat(writer.dropped()).isZero();
  }

  @Test
  void aBatchThatIsWrittenTwiceCountsOnce() {
    var id = IntegrationId.create();
    var batch =
        List.of(
            row(id, 1),
            AttemptRow.of(delivery(id, 2), Outcome.GIVEN_UP, "old", NOW.toEpochMilli(), 2)
                .getFirst());
    for (int i = 0; i < 2; i++) {
      var _ = await(store.insert(batch));
    }
    assertThat(count(id)).isEqualTo(2);
    var hour =
        rows("SELECT * FROM webhooks.attempt_hour WHERE integration = '" + id + "'").getFirst();
    assertThat(hour.getLong("sent")).isEqualTo(1);
    assertThat(hour.getLong("given_up")).isEqualTo(1);
    assertThat(hour.getOffsetDateTime("hour").toInstant())
        .isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
  }

  @Test
  void withoutADatabaseTheNewestAreHeldAndTheOthersCounted() {
    var nowhere =
        PrimaryPool.open(
            vertx,
            "test",
            DatabaseConfig.of("postgresql://a:b@127.0.0.1:1/none"),
            new SimpleMeterRegistry());
    var id = IntegrationId.create();
    int cost = row(id, 1).cost();
    var writer = writer(new AttemptStore(nowhere), 10L * cost);
    for (int i = 1; i <= 25; i++) {
      writer.attempted(delivery(id, i), taken());
    }
    assertThat(writer.waiting()).isEqualTo(10);
    assertThat(writer.dropped()).isEqualTo(15);
    var under = writer.turn();
    writer.attempted(delivery(id, 26), taken());
    var _ = await(under);
    assertThat(writer.waiting()).isEqualTo(10);
    assertThat(writer.dropped()).isEqualTo(16);
    var _ = await(nowhere.close());
  }

  @Test
  void whatTheDatabaseRefusesHoldsUpNothing() {
    var id = IntegrationId.create();
    var writer = writer(store, 16 << 20);
    writer.attempted(delivery(id, 1), bad());
    for (int i = 0; i < 3; i++) {
      var _ = await(writer.turn());
    }
    assertThat(writer.waiting()).isZero();
    assertThat(writer.dropped()).isEqualTo(1);
    writer.attempted(delivery(id, 2), taken());
    var _ = await(writer.turn());
    assertThat(count(id)).isEqualTo(1);
  }

  /** No text of a database has U+0000. */
  private static Exchanged bad() {
    return new Exchanged(
        new Attempt.Delivered(200),
        "h\u0000",
        null,
        Timing.NONE,
        new Talk("POST", 200, Buffer.buffer()));
  }

  @Test
  void dropsDaysThatWereKeptLongEnough() {
    var old = IntegrationId.create();
    var writer = writer(store, 16 << 20);
    now = NOW.minus(Duration.ofDays(32));
    writer.attempted(delivery(old, 1), taken());
    var _ = await(writer.turn());
    now = NOW.minus(Duration.ofDays(30));
    writer.attempted(delivery(old, 2), taken());
    var _ = await(writer.turn());
    now = NOW;

    var _ = await(new LogKeeper(store, Duration.ofDays(30), clock).turn());
    assertThat(count(old)).isEqualTo(1);
    assertThat(rows("SELECT to_regclass('webhooks.attempt_20261022') AS gone").getFirst())
        .returns(null, row -> row.getValue("gone"));
    assertThat(rows("SELECT to_regclass('webhooks.attempt_20261124')::text AS made").getFirst())
        .returns("webhooks.attempt_20261124", row -> row.getValue("made"));
    assertThat(rows("SELECT 1 FROM webhooks.attempt_hour WHERE integration = '" + old + "'"))
        .hasSize(1);
  }
}
