package io.starling.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(120)
class EmbeddedDatabaseIT {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabaseIT.class);
  private static final EmbeddedSettings TESTS = EmbeddedSettings.forTests();

  @TempDir Path folder;

  @Test
  void keepsDataAndPortOverAStop() throws SQLException {
    long start = System.nanoTime();
    try (var database = EmbeddedDatabase.start(folder, TESTS)) {
      log.info("started in {} ms", millisSince(start));
      execute(database, "create table kept as select 1");
      String uri = database.uri();
      database.stop();
      assertThat(database.isRunning()).isFalse();
      assertThatThrownBy(() -> connect(database)).isInstanceOf(SQLException.class);
      start = System.nanoTime();
      database.restart();
      log.info("restarted in {} ms", millisSince(start));
      assertThat(database.uri()).isEqualTo(uri);
      execute(database, "insert into kept values (2)");
    }
  }

  @Test
  void keepsDataAndPasswordOverAClose() throws SQLException {
    String password;
    try (var database = EmbeddedDatabase.start(folder, TESTS)) {
      execute(database, "create table kept as select 1");
      password = new Cluster(folder).password();
    }
    try (var database = EmbeddedDatabase.start(folder, TESTS)) {
      execute(database, "insert into kept values (2)");
      assertThat(database.uri()).contains(password);
    }
  }

  @Test
  void losesNothingCommittedWhenItIsKilled() throws SQLException {
    long start = System.nanoTime();
    try (var database = EmbeddedDatabase.start(folder)) {
      log.info("created and started durably in {} ms", millisSince(start));
      execute(database, "create table kept as select generate_series(1, 1000) as n");
      database.kill();
      database.restart();
      assertThat(number(database, "select count(*) from kept")).isEqualTo(1000);
      assertThat(text(database, "show fsync")).isEqualTo("on");
      assertThat(text(database, "show full_page_writes")).isEqualTo("on");
    }
  }

  @Test
  void answersNothingWhileItIsFrozen() throws Exception {
    try (var database = EmbeddedDatabase.start(folder, TESTS);
        var connection = connect(database)) {
      connection.setNetworkTimeout(Runnable::run, 300);
      database.freeze();
      assertThatThrownBy(() -> connection.createStatement().execute("select 1"))
          .hasMessageContaining("I/O error");
      assertThat(database.isRunning()).isTrue();
      database.thaw();
      execute(database, "select 1");
      database.freeze();
    } // and a frozen one can be closed
  }

  @Test
  void letsNobodyInWithoutThePassword() throws Exception {
    try (var database = EmbeddedDatabase.start(folder, TESTS)) {
      for (String password : new String[] {"", "starling", "password"}) {
        String url = "jdbc:postgresql://127.0.0.1:%d/starling".formatted(database.port());
        assertThatThrownBy(() -> DriverManager.getConnection(url, "starling", password))
            .isInstanceOf(SQLException.class);
      }
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("password"))))
          .isEqualTo("rw-------");
      assertThat(text(database, "show listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(text(database, "show unix_socket_directories")).isEmpty();
      assertThat(
              text(database, "select string_agg(distinct auth_method, ' ') from pg_hba_file_rules"))
          .isEqualTo("scram-sha-256");
    }
  }

  @Test
  void keepsTextAsUtf8AndSortsItTheSameEverywhere() throws SQLException {
    try (var database = EmbeddedDatabase.start(folder, TESTS)) {
      assertThat(text(database, "show server_encoding")).isEqualTo("UTF8");
      assertThat(
              text(
                  database,
                  "select string_agg(t, '' order by t) from unnest(array['é','z','Z','a']) t"))
          .isEqualTo("Zazé");
      assertThat(text(database, "select upper('é')")).isEqualTo("É");
    }
  }

  @Test
  void runsOnTheGivenPortWithTheGivenParameters() throws Exception {
    int port = Ports.free();
    var settings = TESTS.withPort(port).withParameters(Map.of("work_mem", "7MB"));
    try (var database = EmbeddedDatabase.start(folder, settings)) {
      assertThat(database.port()).isEqualTo(port);
      assertThat(text(database, "show work_mem")).isEqualTo("7MB");
    }
  }

  @Test
  void saysThatThePortIsTaken() throws IOException {
    try (var taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> EmbeddedDatabase.start(folder, TESTS.withPort(taken.getLocalPort())))
          .isInstanceOf(EmbeddedDatabaseException.class)
          .hasMessageContaining("Address already in use");
    }
    EmbeddedDatabase.start(folder, TESTS).close(); // and let go of the folder
  }

  @Test
  void refusesAFolderInUse() {
    try (var database = EmbeddedDatabase.start(folder, TESTS)) {
      assertThatThrownBy(() -> EmbeddedDatabase.start(folder, TESTS))
          .isInstanceOf(EmbeddedDatabaseException.class)
          .hasMessageContaining("in use");
      assertThat(database.isRunning()).isTrue();
    }
  }

  @Test
  void refusesAClusterOfAnotherVersion() throws IOException {
    EmbeddedDatabase.start(folder, TESTS).close();
    Files.writeString(file("data/PG_VERSION"), "9.6\n");
    assertThatThrownBy(() -> EmbeddedDatabase.start(folder, TESTS))
        .isInstanceOf(EmbeddedDatabaseException.class)
        .hasMessageContaining("is a cluster of PostgreSQL 9.6 and this is PostgreSQL 17");
  }

  @Test
  void refusesWhatIsNotACluster() throws IOException {
    Files.createDirectory(file("data"));
    Files.writeString(file("data/photo.jpg"), "precious");
    assertThatThrownBy(() -> EmbeddedDatabase.start(folder, TESTS))
        .isInstanceOf(EmbeddedDatabaseException.class)
        .hasMessageContaining("is not a PostgreSQL cluster");
    assertThat(file("data/photo.jpg")).hasContent("precious");
  }

  @Test
  void saysWhyADamagedClusterDoesNotStart() throws IOException {
    EmbeddedDatabase.start(folder, TESTS).close();
    Files.delete(file("data/global/pg_control"));
    assertThatThrownBy(() -> EmbeddedDatabase.start(folder, TESTS))
        .isInstanceOf(EmbeddedDatabaseException.class)
        .hasMessageContaining("pg_control");
  }

  @Test
  void promotesAStandbyThatHasEverything() throws SQLException {
    try (var primary = EmbeddedDatabase.start(folder.resolve("primary"), TESTS)) {
      execute(primary, "create table copied as select 1");
      long start = System.nanoTime();
      try (var standby = primary.standby(folder.resolve("standby"), TESTS)) {
        log.info("a standby in {} ms", millisSince(start));
        assertThatThrownBy(() -> execute(standby, "insert into copied values (2)"))
            .hasMessageContaining("read-only");
        primary.kill();
        start = System.nanoTime();
        standby.promote();
        log.info("promoted in {} ms", millisSince(start));
        execute(standby, "insert into copied values (2)");
        assertThat(number(standby, "select count(*) from copied")).isEqualTo(2);
      }
    }
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(EmbeddedDatabase database, String sql) throws SQLException {
    return Long.parseLong(text(database, sql));
  }

  private static String text(EmbeddedDatabase database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection connect(EmbeddedDatabase database) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl());
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
