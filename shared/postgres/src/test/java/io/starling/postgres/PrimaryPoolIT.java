package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrimaryPoolIT {
  @TempDir static Path folder;
  private static EmbeddedDatabase database;
  private static Vertx vertx;
  private PrimaryPool pool;

  @BeforeAll
  static void startDatabase() {
    database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests());
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopDatabase() throws Exception {
    await(vertx.close());
    database.close();
  }

  @BeforeEach
  void openPool() {
    pool =
        PrimaryPool.open(
            vertx, "test", DatabaseConfig.of(database.uri()), new SimpleMeterRegistry());
  }

  @AfterEach
  void closePool() throws Exception {
    await(pool.close());
  }

  @Test
  void answersAQuery() throws Exception {
    int one =
        await(
            pool.withConnection(
                connection ->
                    connection
                        .query("select 1")
                        .execute()
                        .map(rows -> rows.iterator().next().getInteger(0))));
    assertThat(one).isEqualTo(1);
    assertThat(pool.health()).isInstanceOf(DatabaseHealth.Up.class);
    System.out.println(pool.health());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
