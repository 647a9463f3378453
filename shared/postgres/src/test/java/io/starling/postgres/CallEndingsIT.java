package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.embedded.EmbeddedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls that end in every way there is, many at a time, in a random order. */
@Timeout(180)
class CallEndingsIT {
  private static final Logger log = LoggerFactory.getLogger(CallEndingsIT.class);
  private static final int SIZE = 3;
  private static final int CALLS = 300;
  private static final int AT_A_TIME = 8;

  @TempDir Path folder;

  @Test
  void losesNoConnectionWhicheverWayTheCallsEnd() {
    long seed = Long.getLong("seed", System.nanoTime());
    log.info("replay with -Dseed={}", seed);
    Random random = new Random(seed);
    try (Databases databases = new Databases(folder)) {
      EmbeddedDatabase database = databases.start("only");
      DatabaseConfig config = DatabaseConfig.of(database.uri()).withPoolSize(SIZE);
      PrimaryPool pool =
          PrimaryPool.open(databases.vertx, "endings", config, new SimpleMeterRegistry());
      await().until(() -> pool.health().isUp());
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(call(pool, random.nextInt(7)));
        if (calls.size() == AT_A_TIME) {
          calls.removeFirst().transform(_ -> Future.succeededFuture()).await();
        }
      }
      Future.join(calls).transform(_ -> Future.succeededFuture()).await();

      assertThat(pool.inUse()).isZero();
      for (int round = 0; round < 3; round++) {
        Future.all(
                IntStream.range(0, SIZE)
                    .mapToObj(_ -> pool.withConnection(c -> query(c, "select pg_sleep(0.05)")))
                    .toList())
            .await();
      }
      assertThat(Databases.notes(database)).containsOnly("committed");
      pool.close().await();
    }
  }

  private static Future<?> call(PrimaryPool pool, int ending) {
    Duration soon = Duration.ofMillis(20);
    return switch (ending) {
      case 0 -> pool.withConnection(c -> query(c, "select 1"));
      case 1 -> pool.withConnection(c -> query(c, "selekt"));
      case 2 -> pool.withConnection(c -> query(c, "select pg_terminate_backend(pg_backend_pid())"));
      case 3 -> pool.withTransaction(c -> Databases.note(c, "committed"));
      case 4 ->
          pool.withTransaction(
              c ->
                  Databases.note(c, "rolled back")
                      .compose(_ -> Future.failedFuture(new IllegalStateException("refused"))));
      case 5 -> pool.withConnection(soon, c -> query(c, "select pg_sleep(1)"));
      default ->
          pool.withTransaction(
              soon, c -> Databases.note(c, "never").compose(_ -> Promise.<Void>promise().future()));
    };
  }

  private static Future<Void> query(SqlConnection connection, String sql) {
    return connection.query(sql).execute().mapEmpty();
  }
}
