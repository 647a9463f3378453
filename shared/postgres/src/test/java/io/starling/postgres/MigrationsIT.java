package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MigrationsIT {
  private static final String SAMPLE = "classpath:io/starling/postgres/sample";

  @TempDir Path folder;
  private EmbeddedDatabase database;
  private Vertx vertx;
  private final List<PrimaryPool> pools = new ArrayList<>();

  @BeforeEach
  void startDatabase() {
    database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests());
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stopDatabase() {
    Future.join(pools.stream().map(PrimaryPool::close).toList()).await();
    vertx.close().await();
    database.close();
  }

  @Test
  void createsTheSchemaAndTheTermTable() {
    PrimaryPool pool = pool();
    new Migrations(vertx, pool).migrate("sample", SAMPLE).await();
    new Migrations(vertx, pool).migrate("sample", SAMPLE).await();
    assertThat(count(pool, "select count(*) from sample.thing")).isZero();
    assertThat(count(pool, "select count(*) from starling.term")).isEqualTo(1);
  }

  @Test
  void leavesWhatIsThereAlone() {
    PrimaryPool pool = pool();
    new Migrations(vertx, pool).migrate("sample", SAMPLE).await();
    Databases.execute(database, "insert into sample.thing values ('kept', null, 1)");
    new Migrations(vertx, pool).migrate("sample", SAMPLE).await();
    assertThat(count(pool, "select count(*) from sample.thing")).isEqualTo(1);
    assertThat(pool.health())
        .isInstanceOfSatisfying(
            DatabaseHealth.Up.class, up -> assertThat(up.term()).isEqualTo(new Term(0, 1)));
  }

  @Test
  void runsOnceWhenSeveralProcessesMigrateAtTheSameTime() {
    List<Future<Void>> migrations = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      migrations.add(new Migrations(vertx, pool()).migrate("sample", SAMPLE));
    }
    Future.all(migrations).await();
    assertThat(
            count(
                pools.getFirst(),
                "select count(*) from sample.flyway_schema_history where version = '1'"))
        .isEqualTo(1);
  }

  @Test
  void isUnavailableWithoutADatabase() {
    database.stop();
    assertThatThrownBy(() -> new Migrations(vertx, pool()).migrate("sample", SAMPLE).await())
        .isInstanceOf(DatabaseUnavailable.class);
  }

  @Test
  void saysThatAScriptIsWrong() {
    assertThatThrownBy(
            () ->
                new Migrations(vertx, pool())
                    .migrate("broken", "classpath:io/starling/postgres/broken")
                    .await())
        .isInstanceOf(FlywayException.class);
  }

  private PrimaryPool pool() {
    PrimaryPool pool =
        PrimaryPool.open(
            vertx, "test", DatabaseConfig.of(database.uri()), new SimpleMeterRegistry());
    pools.add(pool);
    return pool;
  }

  private static long count(PrimaryPool pool, String sql) {
    return pool.withConnection(
            connection ->
                connection.query(sql).execute().map(rows -> rows.iterator().next().getLong(0)))
        .await();
  }
}
