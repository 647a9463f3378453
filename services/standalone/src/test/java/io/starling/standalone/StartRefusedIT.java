package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.process.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator gets wrong costs one clear line and an exit status, and damages nothing. */
class StartRefusedIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static int exitStatus(ChildProcess process) {
    await().atMost(LIMIT).until(() -> !process.isAlive());
    return process.exitCode();
  }

  private static void refuses(ChildProcess process, int status, String line) {
    process.awaitOutput(line, LIMIT);
    assertThat(exitStatus(process)).isEqualTo(status);
    assertThat(process.output().stream().filter(text -> text.startsWith("starling: "))).hasSize(1);
    assertThat(process.output().toString()).doesNotContain("\tat ");
  }

  @Test
  void unknownAndWrongSettingsStopTheStartWithALineEach() {
    try (var server =
        new Server(folder.resolve("data"))
            .with("STARLING_MQTT_PROT", "1883")
            .with("STARLING_SHARDS", "many")) {
      var process = server.launch();
      process.awaitOutput(
          "STARLING_MQTT_PROT: unknown setting (did you mean STARLING_MQTT_PORT?)", LIMIT);
      assertThat(exitStatus(process)).isEqualTo(2);
      assertThat(process.output().toString())
          .contains("STARLING_SHARDS=many: must be a whole number");
      assertThat(folder.resolve("data")).doesNotExist();
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var server =
            new Server(folder.resolve("data"))
                .with("STARLING_MQTT_PORT", Integer.toString(taken.getLocalPort()))) {
      refuses(
          server.launch(),
          3,
          "port " + taken.getLocalPort() + " (STARLING_MQTT_PORT) on 127.0.0.1 cannot be used");
    }
  }

  @Test
  void aFolderThatIsNoneIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    try (var server = new Server(file)) {
      refuses(
          server.launch(), 3, "the data folder " + file + " cannot be used: it is not a folder");
    }
  }

  @Test
  void aFolderThatMayNotBeReadIsNamed() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, Set.of());
    for (Path data : List.of(closed, closed.resolve("data"))) {
      try (var server = new Server(data).withoutPowers()) {
        refuses(
            server.launch(), 3, "the data folder " + data + " cannot be used: permission denied");
      }
    }
    assertThat(Files.getPosixFilePermissions(closed)).isEmpty();
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    assertThat(closed).isEmptyDirectory();
  }

  @Test
  void helpAndCheckStartNothing() {
    try (var server = new Server(folder.resolve("data"))) {
      var help = server.launch("--help");
      help.awaitOutput("Usage: scripts/run", LIMIT);
      assertThat(exitStatus(help)).isZero();
      var check = server.launch("--check");
      check.awaitOutput("the settings are right", LIMIT);
      assertThat(exitStatus(check)).isZero();
      assertThat(folder.resolve("data")).doesNotExist();
    }
  }

  @Test
  void oneProcessHoldsTheDataAndItsKeyAndStopsCleanlyAndItsDemonstrationStays() throws IOException {
    Path data = folder.resolve("data");
    try (var server = new Server(data).start();
        var second = new Server(data)) {
      assertThat(server.process().output().toString())
          .contains("A demonstration account, told once");
      var demo = data.resolve("demo.env");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(demo)))
          .isEqualTo("rw-------");
      var credentials = Files.readString(demo);

      refuses(second.launch(), 3, "another Starling is running on the data folder " + data);

      long before = System.nanoTime();
      assertThat(server.process().terminate(Duration.ofSeconds(15))).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
      assertThat(server.process().output()).last().asString().endsWith("stopped");
      assertThat(server.process().output().toString())
          .as("the database outlives those who use it")
          .doesNotContain("there is no primary")
          .doesNotContain("did not stop");
      assertThat(Files.readAllLines(data.resolve("postgres/postgres.log")))
          .last()
          .asString()
          .endsWith("database system is shut down");

      refuses(
          new Server(data).with("STARLING_SHARDS", "5").launch(),
          3,
          "was created with STARLING_SHARDS=3, which cannot change, not 5");
      refuses(
          new Server(data)
              .with("STARLING_SECRET_KEYS", "made-here:" + "B".repeat(42) + "A=")
              .launch(),
          3,
          "the key made-here is not the one of that name that seals the secrets");

      server.start();
      assertThat(server.process().output().toString()).doesNotContain("told once");
      assertThat(Files.readString(demo)).isEqualTo(credentials);
    }
  }
}
