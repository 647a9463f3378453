package io.starling.embedded.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.pair.PairStatus.Role;
import io.starling.embedded.pair.PairStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pair of real servers, kept by a warden in a process of its own. */
@Timeout(180)
class PairIT {
  private static final Logger log = LoggerFactory.getLogger(PairIT.class);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final List<Process> wardens = new ArrayList<>();
  private DatabasePair pair;

  @BeforeEach
  void startPair() throws SQLException {
    PairSettings settings = PairSettings.forTests().withSilence(Duration.ofSeconds(5));
    pair = DatabasePair.open(folder.resolve("pair"), settings, line -> log.info("{}", line));
    long start = System.nanoTime();
    PairStatus _ = pair.start(LIMIT);
    log.info("a new pair in sync in {} ms", millisSince(start));
    execute("a", "create table noted (note text)");
  }

  @AfterEach
  void endEverything() {
    wardens.forEach(Process::destroyForcibly);
    pair.server("a").kill();
    pair.server("b").kill();
  }

  @Test
  void acknowledgesNothingThatIsOnOneDiskOnly() throws SQLException {
    assertThat(pair.status().state()).isEqualTo(State.IN_SYNC);
    pair.freeze("b");
    assertThatThrownBy(() -> execute("a", 2, "insert into noted values ('on one')"))
        .as("also when the server may cancel a statement")
        .hasMessageContaining("I/O error");
    pair.thaw("b");
    execute("a", "insert into noted values ('on both')");
    assertThat(notes("b")).contains("on both");
  }

  @Test
  void staysStoppedOnPurposeAndComesBackWithAllDataUnderOneWarden() throws Exception {
    Process _ = startWarden();
    execute("a", "insert into noted values ('kept')");
    await().atMost(LIMIT).until(() -> decisions().contains("in sync"));
    Process second = startWarden();
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).as("one warden only").isEqualTo(1);
    pair.stop();
    for (int look = 0; look < 2; look++) {
      String before = Files.readString(pair.statusFile());
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                String now = Files.readString(pair.statusFile());
                return now.contains("\"stopped\"") && !now.equals(before);
              });
    }
    assertThat(pair.server("a").pid()).isEmpty();
    assertThat(pair.server("b").pid()).isEmpty();
    PairStatus status = pair.start(LIMIT);
    assertThat(status.primary()).isEqualTo("a");
    assertThat(status.promotion()).isEmpty();
    assertThat(notes("b")).containsExactly("kept");
  }

  @Test
  void writesAloneAfterAWhileAndNeverPromotesWhatMayLackSomething() throws Exception {
    Process _ = startWarden();
    pair.freeze("b");
    long frozen = System.nanoTime();
    execute("a", "insert into noted values ('alone')"); // waits until the warden has decided
    log.info("alone {} ms after the standby froze", millisSince(frozen));
    assertThat(pair.status().state()).isEqualTo(State.DEGRADED);
    pair.kill("b");
    pair.kill("a");
    PairStatus _ = pair.start("b", LIMIT);
    await().atMost(LIMIT).until(() -> decisions().contains("b may lack what it acknowledged"));
    assertThatThrownBy(() -> pair.promote("b", false))
        .isInstanceOf(EmbeddedDatabaseException.class)
        .hasMessageContaining("no standby that is known to hold everything");
    assertThat(pair.status().server("b").role()).isEqualTo(Role.STANDBY);
    PairStatus _ = pair.start("a", LIMIT);
    awaitSync();
    assertThat(pair.status().primary()).isEqualTo("a");
    assertThat(notes("b")).containsExactly("alone");
  }

  @Test
  void startsAgainWhatHasDiedByItself() throws Exception {
    Process _ = startWarden();
    execute("a", "insert into noted values ('kept')");
    pair.server("b").kill();
    await().atMost(LIMIT).until(() -> decisions().contains("started b"));
    awaitSync();
    pair.server("a").kill();
    pair.server("b").kill();
    await().atMost(LIMIT).until(() -> decisions().contains("started a: its process is gone and"));
    awaitSync();
    assertThat(notes("b")).containsExactly("kept");
    assertThat(pair.status().primary()).isEqualTo("a");
  }

  @Test
  void promotesByCommandAndMakesTheOtherItsStandby() throws Exception {
    execute("a", "insert into noted values ('kept')");
    pair.promote("b", false);
    assertThat(pair.server("a").isStandby()).as("barred from writing").isTrue();
    execute("b", "insert into noted values ('after')");
    Process _ = startWarden();
    awaitSync();
    PairStatus status = pair.status();
    assertThat(status.primary()).isEqualTo("b");
    assertThat(status.server("a").role()).isEqualTo(Role.STANDBY);
    assertThat(status.server("a").timeline()).isEqualTo(2);
    assertThat(notes("a")).containsExactly("kept", "after");
    assertThat(folder.resolve("pair/a/data.replaced")).exists();
  }

  @Test
  void promotesByForceOnATimelineThatNobodyHadBefore() throws Exception {
    execute("a", "insert into noted values ('kept')");
    pair.kill("a");
    pair.promote("b", false);
    execute("b", "insert into noted values ('lost by force')");
    pair.kill("b");
    Files.delete(folder.resolve("pair/a/down"));
    assertThatThrownBy(() -> pair.promote("a", false))
        .hasMessageContaining("no standby that is known to hold everything");
    pair.promote("a", true);
    assertThat(pair.status().server("a").timeline()).as("b had reached 2").isEqualTo(3);
    assertThat(pair.server("b").isStandby()).as("barred from writing").isTrue();
    execute("a", "insert into noted values ('after')");
    PairStatus status = pair.start(LIMIT);
    assertThat(status.primary()).isEqualTo("a");
    assertThat(notes("b")).containsExactly("kept", "after");
  }

  private Process startWarden() throws IOException {
    Process warden =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WardenCommand.class.getName(),
                folder.resolve("pair").toString(),
                "keep")
            .inheritIO()
            .start();
    wardens.add(warden);
    return warden;
  }

  private void awaitSync() {
    await().atMost(LIMIT).until(() -> pair.status().state() == State.IN_SYNC);
  }

  private String decisions() throws IOException {
    return Files.readString(folder.resolve("pair/decisions.log"));
  }

  private void execute(String name, String sql) throws SQLException {
    execute(name, 60, sql);
  }

  private void execute(String name, int limitSeconds, String sql) throws SQLException {
    try (Connection connection = connect(name, limitSeconds);
        var statement = connection.createStatement()) {
      statement.execute("set statement_timeout = 500");
      statement.execute(sql);
    }
  }

  /** Waits until it has replayed what it holds. */
  private List<String> notes(String name) {
    List<String> notes = new ArrayList<>();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () -> {
              notes.clear();
              try (Connection connection = connect(name, 10);
                  var statement = connection.createStatement();
                  var rows = statement.executeQuery("select note from noted")) {
                while (rows.next()) {
                  notes.add(rows.getString(1));
                }
              }
              return !notes.isEmpty();
            });
    return notes;
  }

  private Connection connect(String name, int limitSeconds) throws SQLException {
    return DriverManager.getConnection(
        pair.server(name).jdbcUrl() + "&socketTimeout=" + limitSeconds);
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
