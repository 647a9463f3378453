package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
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
  static void stopDatabase() {
    vertx.close().await();
    database.close();
  }

  @BeforeEach
  void openPool() {
    pool =
        PrimaryPool.open(
            vertx, "test", DatabaseConfig.of(database.uri()), new SimpleMeterRegistry());
  }

  @AfterEach
  void closePool() {
    pool.close().await();
  }

  @Test
  void answersAQuery() {
    int one =
        pool.withConnection(
                connection ->
                    connection
                        .query("select 1")
                        .execute()
                        .map(rows -> rows.iterator().next().getInteger(0)))
            .await();
    assertThat(one).isEqualTo(1);
    assertThat(pool.health()).isInstanceOf(DatabaseHealth.Up.class);
    System.out.println(pool.health());
  }
}
