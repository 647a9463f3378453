package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PrimaryPoolIT {
  private static final int SIZE = 2;
  private static final int WAITING = 3;
  private static final Duration ACQUIRE = Duration.ofMillis(1500);
  private static final Duration STATEMENT = Duration.ofMillis(500);
  private static final Duration CALL = Duration.ofSeconds(4);

  @TempDir static Path folder;
  private static EmbeddedDatabase database;
  private static Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private PrimaryPool pool;

  @BeforeAll
  static void startDatabase() {
    database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests());
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopDatabase() {
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void openPool() {
    DatabaseConfig config =
        DatabaseConfig.of(database.uri())
            .withPoolSize(SIZE)
            .withMaxWaiting(WAITING)
            .withTimeouts(Duration.ofSeconds(1), ACQUIRE, STATEMENT, CALL);
    pool = PrimaryPool.open(vertx, "test", config, registry);
    await().until(() -> pool.health().isUp());
    execute("drop table if exists thing").await();
    execute(
            "create table thing (id int primary key, size int constraint thing_size check (size > 0))")
        .await();
  }

  @AfterEach
  void closePool() {
    pool.close().await();
  }

  @Test
  void tellsThePrimaryAndItsTerm() {
    assertThat(pool.health())
        .isInstanceOfSatisfying(
            DatabaseHealth.Up.class,
            up -> {
              assertThat(up.primary()).isEqualTo("127.0.0.1:" + database.port());
              assertThat(up.term()).isEqualTo(new Term(0, 1));
            });
  }

  @Test
  void commitsATransactionThatSucceeds() {
    pool.withTransaction(connection -> execute(connection, "insert into thing values (1, 1)"))
        .await();
    assertThat(things()).isEqualTo(1);
  }

  @Test
  void rollsBackATransactionThatFailsAndKeepsItsFailure() {
    var failure = new IllegalStateException("the caller's own");
    assertThatThrownBy(
            () ->
                pool.withTransaction(
                        connection ->
                            execute(connection, "insert into thing values (1, 1)")
                                .compose(_ -> Future.failedFuture(failure)))
                    .await())
        .isSameAs(failure);
    assertThat(things()).isZero();
  }

  @Test
  void rollsBackATransactionThatThrows() {
    var failure = new IllegalStateException("the caller's own");
    assertThatThrownBy(
            () ->
                pool.withTransaction(
                        _ -> {
                          throw failure;
                        })
                    .await())
        .isSameAs(failure);
    allConnectionsWork();
  }

  @Test
  void tellsWhichConstraintRefused() {
    Throwable check = catchThrowable(() -> execute("insert into thing values (1, 0)").await());
    assertThat(ConstraintViolation.of(check))
        .contains(new ConstraintViolation(ConstraintViolation.Kind.CHECK, "thing_size"));
    execute("insert into thing values (1, 1)").await();
    Throwable unique = catchThrowable(() -> execute("insert into thing values (1, 1)").await());
    assertThat(ConstraintViolation.isOf("thing_pkey", unique)).isTrue();
    Throwable syntax = catchThrowable(() -> execute("selekt").await());
    assertThat(ConstraintViolation.of(syntax)).isEmpty();
    assertThat(syntax).isInstanceOf(PgException.class);
  }

  @Test
  void cancelsAStatementThatTakesTooLong() {
    long start = System.nanoTime();
    assertThatThrownBy(() -> execute("select pg_sleep(30)").await())
        .isInstanceOfSatisfying(
            PgException.class, refused -> assertThat(refused.getSqlState()).isEqualTo("57014"));
    assertThat(millisSince(start)).isLessThan(STATEMENT.toMillis() + 1000);
    assertThat(pool.health().isUp()).isTrue();
  }

  @Test
  void endsEveryCallByItsDeadlineAndGetsTheConnectionsBack() {
    for (int round = 0; round < 3 * SIZE; round++) {
      long start = System.nanoTime();
      assertThatThrownBy(
              () ->
                  pool.<Void>withConnection(
                          Duration.ofMillis(200), _ -> Promise.<Void>promise().future())
                      .await())
          .isInstanceOf(DatabaseUnavailable.class);
      assertThat(millisSince(start)).isBetween(190L, 1000L);
    }
    assertThat(pool.inUse()).isZero();
    allConnectionsWork();
  }

  @Test
  void doesNothingMoreForACallThatMissedItsDeadline() {
    Promise<Void> late = Promise.promise();
    Promise<Throwable> seen = Promise.promise();
    assertThatThrownBy(
            () ->
                pool.withTransaction(
                        Duration.ofMillis(200),
                        connection ->
                            execute(connection, "insert into thing values (1, 1)")
                                .compose(_ -> late.future())
                                .compose(
                                    _ -> execute(connection, "insert into thing values (2, 1)"))
                                .onFailure(seen::complete))
                    .await())
        .isInstanceOf(DatabaseUnavailable.class);
    late.complete();
    assertThat(seen.future().await()).isNotNull();
    assertThat(things()).isZero();
  }

  @Test
  void boundsTheCallsThatWait() {
    List<Promise<Void>> holding = new ArrayList<>();
    List<Future<Void>> held =
        IntStream.range(0, SIZE)
            .mapToObj(
                _ -> {
                  Promise<Void> hold = Promise.promise();
                  holding.add(hold);
                  return pool.withConnection(_ -> hold.future());
                })
            .toList();
    List<Future<Void>> waiting =
        IntStream.range(0, WAITING).mapToObj(_ -> execute("select 1")).toList();
    long start = System.nanoTime();
    assertThatThrownBy(() -> execute("select 1").await()).isInstanceOf(DatabaseUnavailable.class);
    assertThat(millisSince(start)).isLessThan(ACQUIRE.toMillis() / 2);
    for (Future<Void> wait : waiting) {
      assertThatThrownBy(wait::await)
          .isInstanceOf(DatabaseUnavailable.class)
          .hasMessageContaining("no connection became free");
    }
    assertThat(millisSince(start)).isLessThan(ACQUIRE.toMillis() + 1000);
    holding.forEach(Promise::complete);
    Future.all(held).await();
    assertThat(pool.health().isUp()).isTrue();
    allConnectionsWork();
  }

  @Test
  void replacesAConnectionThatTheServerEnded() {
    assertThatThrownBy(() -> execute("select pg_terminate_backend(pg_backend_pid())").await())
        .isInstanceOf(DatabaseUnavailable.class);
    allConnectionsWork();
    assertThat(pool.health().isUp()).isTrue();
  }

  @Test
  void tellsTheCallerOnItsOwnContext() {
    Context context = vertx.getOrCreateContext();
    PrimaryPool fresh =
        PrimaryPool.open(vertx, "fresh", DatabaseConfig.of(database.uri()), registry);
    Future<List<Context>> contexts =
        Future.future(
            done ->
                context.runOnContext(
                    _ ->
                        fresh
                            .withConnection(
                                connection -> {
                                  Context inside = Vertx.currentContext();
                                  return execute(connection, "select 1")
                                      .map(_ -> List.of(inside, Vertx.currentContext()));
                                })
                            .map(
                                inside -> {
                                  var all = new ArrayList<>(inside);
                                  all.add(Vertx.currentContext());
                                  return (List<Context>) all;
                                })
                            .onComplete(done)));
    assertThat(contexts.await()).containsOnly(context);
    fresh.close().await();
  }

  @Test
  void countsCallsByOutcome() {
    execute("select 1").await();
    assertThat(catchThrowable(() -> execute("selekt").await())).isNotNull();
    assertThat(calls("answered")).isEqualTo(3); // two of them set the table up
    assertThat(calls("failed")).isEqualTo(1);
    assertThat(registry.get("starling.database.up").gauge().value()).isEqualTo(1);
    assertThat(registry.get("starling.database.primary.changes").counter().count()).isEqualTo(1);
    assertThat(registry.get("starling.database.pool.in.use").gauge().value()).isZero();
  }

  @Test
  void failsEveryCallAfterItIsClosed() {
    pool.close().await();
    assertThatThrownBy(() -> execute("select 1").await()).isInstanceOf(DatabaseUnavailable.class);
    assertThat(registry.getMeters()).isEmpty();
  }

  private long calls(String outcome) {
    return registry.get("starling.database.calls").tag("outcome", outcome).timer().count();
  }

  /** As many calls at once as there are connections: none was lost, and none is broken. */
  private void allConnectionsWork() {
    for (int round = 0; round < 3; round++) {
      Future.all(IntStream.range(0, SIZE).mapToObj(_ -> execute("select pg_sleep(0.02)")).toList())
          .await();
    }
  }

  private long things() {
    return pool.withConnection(
            connection ->
                connection
                    .query("select count(*) from thing")
                    .execute()
                    .map(rows -> rows.iterator().next().getLong(0)))
        .await();
  }

  private Future<Void> execute(String sql) {
    return pool.withConnection(connection -> execute(connection, sql));
  }

  private static Future<Void> execute(SqlConnection connection, String sql) {
    return connection.query(sql).execute().mapEmpty();
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
