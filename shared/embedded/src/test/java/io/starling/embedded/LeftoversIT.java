package io.starling.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process leaves behind, made by really killing one. */
@Timeout(120)
class LeftoversIT {
  @TempDir Path folder;

  /** Another JVM that starts a database in a folder, prints its process id, and waits. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws IOException {
      var database = EmbeddedDatabase.start(Path.of(arguments[0]), EmbeddedSettings.forTests());
      execute(database, "create table kept as select 1");
      System.out.println(pid(Path.of(arguments[0])));
      System.in.read();
    }
  }

  @Test
  void stopsTheServerOfAKilledProcessAndKeepsItsData() throws IOException {
    Process owner = startOwner();
    ProcessHandle orphan = ProcessHandle.of(readPid(owner)).orElseThrow();
    owner.destroyForcibly();
    await().until(() -> !owner.isAlive());
    assertThat(orphan.isAlive()).isTrue();
    try (var database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests())) {
      await().until(() -> !orphan.isAlive()); // once init has asked for it
      execute(database, "insert into kept values (2)");
    }
  }

  @Test
  void stopsAFrozenServerOfAKilledProcess() throws IOException {
    Process owner = startOwner();
    ProcessHandle orphan = ProcessHandle.of(readPid(owner)).orElseThrow();
    owner.destroyForcibly();
    await().until(() -> !owner.isAlive());
    Signal.STOP.send(orphan);
    try (var database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests())) {
      await().until(() -> !orphan.isAlive()); // once init has asked for it
      execute(database, "insert into kept values (2)");
    }
  }

  @Test
  void stopsTheServerWhenItsProcessEnds() throws IOException {
    Process owner = startOwner();
    ProcessHandle server = ProcessHandle.of(readPid(owner)).orElseThrow();
    owner.destroy(); // SIGTERM
    await().until(() -> !owner.isAlive());
    await().until(() -> !server.isAlive());
    assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
  }

  @Test
  void leavesAnotherProcessAloneWhoseNumberIsInAStaleFile() throws IOException {
    try (var database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests())) {
      database.kill();
    }
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      Path file = folder.resolve("data/postmaster.pid");
      List<String> lines = Files.readAllLines(file);
      lines.set(0, Long.toString(other.pid()));
      Files.write(file, lines);
      try (var database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests())) {
        assertThat(database.isRunning()).isTrue();
        assertThat(other.isAlive()).isTrue();
      }
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void startsOverATornFile() throws IOException {
    EmbeddedDatabase.start(folder, EmbeddedSettings.forTests()).close();
    Files.createFile(folder.resolve("data/postmaster.pid"));
    try (var database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests())) {
      assertThat(database.isRunning()).isTrue();
    }
  }

  private Process startOwner() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Owner.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static long readPid(Process owner) throws IOException {
    String line = owner.inputReader(StandardCharsets.UTF_8).readLine();
    return Long.parseLong(line);
  }

  private static long pid(Path folder) {
    return PostmasterFile.of(new Cluster(folder)).pid().orElseThrow();
  }

  private static void execute(EmbeddedDatabase database, String sql) {
    try (var connection = DriverManager.getConnection(database.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
