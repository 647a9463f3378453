package io.starling.testing.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildProcessIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Test
  void startsAJvmWaitsForItsUrlAndKillsIt() {
    try (var child = Launch.java(HttpChild.class, List.of("-Xmx32m"), List.of("hello")).start()) {
      var port = child.awaitLine("port ", LIMIT).replace("port ", "");
      child.awaitUrl(URI.create("http://127.0.0.1:" + port + "/"), "hello"::equals, LIMIT);
      assertThat(ProcessCost.of(child.pid()).residentBytes()).isGreaterThan(10_000_000);
      assertThat(ProcessCost.of(child.pid()).cpu()).isPositive();

      child.kill();

      assertThat(child.isAlive()).isFalse();
      assertThat(child.exitCode()).isEqualTo(128 + 9);
    }
  }

  @Test
  void freezesAndThaws() {
    try (var child = Launch.program("sleep", List.of("sleep", "60")).start()) {
      child.freeze();
      await().untilAsserted(() -> assertThat(state(child)).isEqualTo("T"));
      child.thaw();
      await().untilAsserted(() -> assertThat(state(child)).isEqualTo("S"));
    }
  }

  @Test
  void endsTheChildWhenClosed() {
    var child = Launch.program("sleep", List.of("sleep", "60")).start();
    child.close();
    assertThat(child.isAlive()).isFalse();
    assertThat(child.exitCode()).isEqualTo(128 + 15);
  }

  @Test
  void keepsWhatAChildSaysWhileItEnds() {
    var script = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    try (var child = Launch.program("shell", List.of("sh", "-c", script)).start()) {
      child.awaitOutput("ready", LIMIT);
      assertThat(child.terminate(LIMIT)).isTrue();
      assertThat(child.output()).containsExactly("ready", "bye");
    }
  }

  @Test
  void tellsTheOutputOfAChildThatEndsTooEarly() {
    var launch =
        Launch.program("shell", List.of("sh", "-c", "echo $GREETING; exit 3"))
            .withEnvironment("GREETING", "no such database");
    try (var child = launch.start()) {
      assertThatThrownBy(() -> child.awaitLine("ready", LIMIT))
          .hasMessageContaining("code 3")
          .hasMessageContaining("no such database");
    }
  }

  @Test
  void saysWhatCouldNotBeStarted() {
    var launch = Launch.program("nothing", List.of("/no/such/program"));
    assertThatThrownBy(launch::start).hasMessageContaining("could not start nothing");
  }

  private static String state(ChildProcess child) throws IOException {
    var stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
  }
}
