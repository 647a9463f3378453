package io.starling.webhooks;

import static io.starling.webhooks.Stage.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.webhooks.delivery.DeliveryLimits;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.parked.Parking;
import io.starling.webhooks.parked.ParkingLimits;
import io.starling.webhooks.parked.Sweep;
import io.starling.webhooks.shard.FollowerParts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;

/** A real PostgreSQL beside a stage: what is parked, and what is given up, stands there. */
final class ParkDatabase implements AutoCloseable {
  static final Duration AFTER = Duration.ofMillis(150);
  static final Duration KEEP_DEAD = Duration.ofDays(30);

  final EmbeddedDatabase server;
  private final Vertx vertx = Vertx.vertx();
  private final PrimaryPool pool;

  ParkDatabase(Path folder) {
    server = EmbeddedDatabase.start(folder.resolve("postgres"), EmbeddedSettings.forTests());
    pool =
        PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), new SimpleMeterRegistry());
    // The pool needs a moment to find its server.
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

  /** A stage with nothing parked. */
  Stage stage(DeliveryLimits limits) {
    var _ = rows("DELETE FROM webhooks.delivery");
    var _ = rows("DELETE FROM webhooks.position");
    var parking = new ParkingLimits(AFTER, limits.retries().maxAge(), KEEP_DEAD, 1_000);
    var stage = new Stage(limits, server.uri(), parking);
    stage.ledger.parkedIn(this::ids);
    return stage;
  }

  /** What sweeps the table on a node, at the times of a clock. */
  Sweep sweep(Stage.Life life, InstantSource clock) {
    var matcher = new Matcher(life.copy());
    var dispatcher = FollowerParts.dispatcher(life.vertx(), life.bus(), matcher, clock);
    var limits = new ParkingLimits(AFTER, Duration.ofHours(3), KEEP_DEAD, 1_000);
    var parking = new Parking(pool, () -> true, dispatcher, matcher, limits, clock);
    return new Sweep(parking, new SimpleMeterRegistry());
  }

  /** Adds rows of a shard that nobody follows. */
  void add(String integration, String state, Instant expires, int count) {
    var _ =
        rows(
            """
            INSERT INTO webhooks.delivery (id, integration, shard, journal_index, journal_offset, number, name,
              published_at, event, state, due_at, expires_at, attempts, first_error, last_error)
            SELECT $1::text || '-' || $2::text || '-' || n, $1::text, 99, 1, n, 0, 'temp',
              now(), ''::bytea, $2::text, now(), $3::text::timestamptz, 1, '', 'endpoint answered 500'
            FROM generate_series(1, $4::text::integer) AS n
            """,
            integration,
            state,
            expires.toString(),
            Integer.toString(count));
  }

  /** Starts it again after it was killed, and waits until it serves. */
  void restart() {
    server.restart();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(() -> !texts("SELECT 'up'").isEmpty());
  }

  /** What a backup has. */
  void backUp() {
    for (String table : List.of("delivery", "position")) {
      var _ = rows("DROP TABLE IF EXISTS public.backup_" + table);
      var _ = rows("CREATE TABLE public.backup_" + table + " AS TABLE webhooks." + table);
    }
  }

  /** What the backup has is all there is, and whoever restored it has raised the term. */
  void restore() {
    var _ =
        rows(
            """
            WITH raised AS (UPDATE starling.term SET restores = restores + 1 RETURNING 1),
              gone AS (DELETE FROM webhooks.position RETURNING 1),
              lost AS (DELETE FROM webhooks.delivery d
                       WHERE NOT EXISTS (SELECT FROM public.backup_delivery b WHERE b.id = d.id) RETURNING 1),
              back AS (INSERT INTO webhooks.delivery SELECT * FROM public.backup_delivery
                       ON CONFLICT (id) DO NOTHING RETURNING 1)
            SELECT count(*) FROM raised, lost
            """);
    var _ =
        rows(
            "INSERT INTO webhooks.position SELECT * FROM public.backup_position"
                + " ON CONFLICT (shard, integration) DO UPDATE"
                + " SET journal_index = excluded.journal_index,"
                + " journal_offset = excluded.journal_offset");
  }

  /** The webhook-ids of all rows. */
  Set<String> ids() {
    return new HashSet<>(texts("SELECT id FROM webhooks.delivery"));
  }

  /** How many rows of an integration are in a state. */
  long count(String integration, String state) {
    return texts(
            "SELECT count(*)::text FROM webhooks.delivery WHERE integration = $1 AND state = $2",
            integration,
            state)
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  /** How many rows were ever added, as the server has counted a moment ago. */
  long parkedEver() {
    return Long.parseLong(
        texts("SELECT n_tup_ins::text FROM pg_stat_user_tables WHERE relname = 'delivery'")
            .getFirst());
  }

  List<String> texts(String query, String... values) {
    return rows(query, values).stream().map(row -> row.getString(0)).toList();
  }

  List<Row> rows(String query, String... values) {
    var rows = new ArrayList<Row>();
    await(
            pool.withConnection(
                connection ->
                    Future.<Void>succeededFuture()
                        .compose(
                            _ ->
                                connection
                                    .preparedQuery(query)
                                    .execute(Tuple.from(List.of(values))))))
        .forEach(rows::add);
    return rows;
  }

  @Override
  public void close() {
    var _ = await(pool.close());
    server.close();
    var _ = await(vertx.close());
  }
}
