package io.starling.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {
  @TempDir Path folder;

  @Test
  void keepsItsDataAndPortOverAStop() throws SQLException {
    for (int i = 0; i < 3; i++) {
      long t0 = System.nanoTime();
      try (var database =
          EmbeddedDatabase.start(folder.resolve("x" + i), EmbeddedSettings.forTests())) {
        System.out.println("start " + (System.nanoTime() - t0) / 1_000_000);
        try (var connection = connect(database)) {
          assertThat(connection.createStatement().execute("create table kept as select 1"))
              .isFalse();
        }
        String uri = database.uri();
        database.stop();
        t0 = System.nanoTime();
        database.restart();
        System.out.println("restart " + (System.nanoTime() - t0) / 1_000_000);
        assertThat(database.uri()).isEqualTo(uri);
        try (var connection = connect(database);
            var statement = connection.createStatement()) {
          assertThat(statement.executeQuery("select * from kept").next()).isTrue();
        }
      }
    }
  }

  @Test
  void promotesAStandbyThatHasEverything() throws SQLException {
    try (var primary =
            EmbeddedDatabase.start(folder.resolve("primary"), EmbeddedSettings.forTests());
        var before = connect(primary)) {
      assertThat(before.createStatement().execute("create table copied as select 1")).isFalse();
      long t0 = System.nanoTime();
      try (var standby = primary.standby(folder.resolve("standby"), EmbeddedSettings.forTests())) {
        System.out.println("standby " + (System.nanoTime() - t0) / 1_000_000);
        primary.kill();
        t0 = System.nanoTime();
        standby.promote();
        System.out.println("promote " + (System.nanoTime() - t0) / 1_000_000);
        try (var after = connect(standby);
            var statement = after.createStatement()) {
          assertThat(statement.executeUpdate("insert into copied values (2)")).isEqualTo(1);
        }
      }
    }
  }

  private static Connection connect(EmbeddedDatabase database) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl());
  }
}
