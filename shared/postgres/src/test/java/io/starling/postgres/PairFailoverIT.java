package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.embedded.DetachedServer;
import io.starling.embedded.EmbeddedSettings.Durability;
import io.starling.embedded.pair.DatabasePair;
import io.starling.embedded.pair.PairSettings;
import io.starling.embedded.pair.PairStatus;
import io.starling.embedded.pair.PairStatus.Role;
import io.starling.embedded.pair.PairStatus.State;
import io.starling.embedded.pair.WardenCommand;
import io.starling.postgres.Writers.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Promises 11, 15 and 22: a primary that dies or freezes is replaced by timer, and eight processes
 * write on without being told, lose nothing, and leave the old primary alone.
 */
@Timeout(300)
class PairFailoverIT {
  private static final Logger log = LoggerFactory.getLogger(PairFailoverIT.class);
  private static final int PROCESSES = 8;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long AFTER_FAULT_MILLIS = 30_000;
  private static final long AFTER_PROMOTION_MILLIS = 10_000;

  @TempDir Path folder;
  private PairSettings settings;
  private DatabasePair pair;
  private Process warden;
  private Writers writers;

  @BeforeEach
  void startEverything() throws Exception {
    settings = PairSettings.forTests().withSilence(Duration.ofSeconds(6)); // a region has 10
    pair = DatabasePair.open(folder.resolve("pair"), settings, line -> {});
    PairStatus _ = pair.start(LIMIT);
    execute(pair.server("a"), "create table configured (writer int, n int)");
    warden = startWarden();
    writers = new Writers(PROCESSES, pair.uris());
    long _ = writers.awaitAllAfter(0, 20);
  }

  @AfterEach
  void endEverything() {
    if (writers != null) {
      writers.close();
    }
    if (warden != null) {
      warden.destroyForcibly();
    }
    pair.server("a").kill();
    pair.server("b").kill();
  }

  @Test
  void eightProcessesFollowThePrimaryAndLoseNothing() throws Exception {
    long killed = System.currentTimeMillis();
    pair.kill("a");
    checkPromotion("killed", "b", killed);
    checkThatTheOldPrimaryIsLeftAlone();
    Files.delete(pair.server("a").folder().resolve("down"));
    long began = System.currentTimeMillis();
    settings = settings.withSilence(Duration.ofSeconds(5));
    pair = DatabasePair.open(folder.resolve("pair"), settings, line -> {});
    warden = startWarden();
    awaitSync("b", "a");
    log.info("old primary fenced, copied, in sync {} ms after the warden's start", since(began));

    long frozen = System.currentTimeMillis();
    pair.freeze("b");
    checkPromotion("frozen", "a", frozen);
    awaitSync("a", "b");
    log.info("frozen primary is a standby in sync {} ms after it froze", since(frozen));

    assertThat(writers.allAlive()).as("none was restarted").isTrue();
    writers.close();
    List<Row> acked = writers.acked();
    log.info("{} acknowledged rows", acked.size());
    assertThat(rows(pair.server("a"))).containsAll(acked);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(rows(pair.server("b"))).isEqualTo(rows(pair.server("a"))));
  }

  private void checkPromotion(String what, String next, long fault) throws IOException {
    String text = "promoted " + next + ": ";
    await().atMost(LIMIT).until(() -> decisions().contains(text));
    long promoted = decided(text);
    long all = writers.awaitAllAfter(promoted, 5);
    log.info(
        "primary {}: promoted after {} ms, all {} processes write {} ms after the promotion",
        what,
        promoted - fault,
        PROCESSES,
        all - promoted);
    assertThat(promoted - fault).isLessThan(AFTER_FAULT_MILLIS);
    assertThat(all - promoted).isLessThan(AFTER_PROMOTION_MILLIS);
    assertThat(all - fault).isLessThan(AFTER_FAULT_MILLIS);
    assertThat(writers.allAlive()).isTrue();
  }

  /**
   * Without a warden, and with all that bars it from writing taken away: only the term is left, as
   * if it came back on a machine of its own.
   */
  private void checkThatTheOldPrimaryIsLeftAlone() throws Exception {
    warden.destroyForcibly().waitFor();
    DetachedServer old = handStarted();
    Files.delete(old.folder().resolve("data/standby.signal"));
    old.launch();
    await().atMost(LIMIT).ignoreExceptions().until(() -> !rows(old).isEmpty());
    execute(old, "alter system set synchronous_standby_names = ''");
    execute(old, "select pg_reload_conf()");
    Set<Row> left = rows(old);
    execute(old, "create table risen ()"); // it would take what it is given
    long risen = System.currentTimeMillis();
    await().atMost(LIMIT).until(() -> saidBy(old, "starling-watch") >= PROCESSES);
    long _ = writers.awaitAllAfter(System.currentTimeMillis(), 100);
    log.info("the old primary was writable for {} ms", since(risen));
    assertThat(sessions(pair.server("b"), "starling-writer")).isGreaterThanOrEqualTo(PROCESSES);
    assertThat(saidBy(old, "starling-writer")).as("statements of writers there").isZero();
    assertThat(rows(old)).isEqualTo(left);
  }

  /** The same files, started by somebody else, who writes down every connection and statement. */
  private DetachedServer handStarted() {
    return new DetachedServer(
        pair.server("a").folder(),
        settings.a().host(),
        settings.a().port(),
        Durability.FOR_TESTS,
        Map.of("log_statement", "all", "log_line_prefix", "by %a: "));
  }

  private static long saidBy(DetachedServer server, String application) throws IOException {
    try (var lines = Files.lines(server.folder().resolve("postgres.log"))) {
      return lines.filter(line -> line.startsWith("by " + application + ": ")).count();
    }
  }

  private void awaitSync(String primary, String standby) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              PairStatus status = pair.status();
              return status.state() == State.IN_SYNC
                  && status.server(primary).role() == Role.PRIMARY
                  && status.server(standby).role() == Role.STANDBY;
            });
  }

  private Process startWarden() throws IOException {
    return Writers.java(WardenCommand.class, folder.resolve("pair").toString(), "keep")
        .inheritIO()
        .start();
  }

  private String decisions() throws IOException {
    return Files.readString(folder.resolve("pair/decisions.log"));
  }

  /** When the warden wrote this last. */
  private long decided(String text) throws IOException {
    String line =
        decisions().lines().filter(each -> each.contains(text)).reduce((_, last) -> last).get();
    return Instant.parse(line.substring(0, line.indexOf(' '))).toEpochMilli();
  }

  private static int sessions(DetachedServer server, String application) throws SQLException {
    try (var connection = DriverManager.getConnection(server.jdbcUrl());
        var statement =
            connection.prepareStatement(
                "select count(*) from pg_stat_activity where application_name = ?")) {
      statement.setString(1, application);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static Set<Row> rows(DetachedServer server) throws SQLException {
    try (var connection = DriverManager.getConnection(server.jdbcUrl());
        var statement = connection.createStatement();
        var found = statement.executeQuery("select writer, n from configured")) {
      Set<Row> rows = new HashSet<>();
      while (found.next()) {
        rows.add(new Row(found.getInt(1), found.getInt(2)));
      }
      return rows;
    }
  }

  private static void execute(DetachedServer server, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(server.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long since(long millis) {
    return System.currentTimeMillis() - millis;
  }
}
