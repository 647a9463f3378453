package io.starling.testing.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.FakeCloud;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole benchmark, small, against a server that only pretends. */
class BenchCommandIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir private Path folder;

  @Test
  void measuresARowOfEachKindAndLeavesNothingBehind() throws IOException {
    var rows = "bare,start,ingest,puback,whole,idle,surge,qos0";
    try (var bench = start("--idle", "50", "--surge", "50", "--seconds", "1", "--rows", rows)) {
      bench.awaitOutput("written to", LIMIT);
      await().atMost(LIMIT).until(() -> !bench.isAlive());
      assertThat(bench.exitCode()).isZero();
      assertThat(bench.output()).anyMatch(line -> line.contains("against the bare server, x"));
    }
    var results = json().getJsonObject("results");
    for (var row : List.of("bare_rate", "qos0_bare_cpu", "qos0_cpu", "ingest_rate", "puback_p99")) {
      assertThat(results.getJsonObject(row).getDouble("median")).as(row).isPositive();
    }
    for (var row : List.of("whole_cpu", "reader_p50", "webhook_p99", "first_start")) {
      assertThat(results.getJsonObject(row).getDouble("median")).as(row).isPositive();
    }
    assertThat(results.getJsonObject("whole_webhook_missing").getDouble("median")).isZero();
    assertThat(results.getJsonObject("whole_reader_missing").getDouble("median")).isZero();
    assertThat(results.getJsonObject("idle_count").getDouble("median")).isEqualTo(50);
    assertThat(results.getJsonObject("surge_others_p99").getDouble("median")).isPositive();
    assertThat(json().getJsonObject("machine").getInteger("processors")).isPositive();
    assertThat(dataFolders()).isEmpty();
  }

  @Test
  void endsItsServersOnCtrlC() throws IOException {
    try (var bench = start("--idle", "0", "--seconds", "60", "--rows", "ingest")) {
      bench.awaitOutput("ingest, saturated", LIMIT);
      var servers =
          ProcessHandle.of(bench.pid()).stream().flatMap(ProcessHandle::children).toList();
      assertThat(servers).isNotEmpty();
      var signal = new ProcessBuilder("kill", "-INT", Long.toString(bench.pid())).start();
      await().atMost(LIMIT).until(() -> !signal.isAlive() && !bench.isAlive());
      assertThat(servers).noneMatch(ProcessHandle::isAlive);
    }
    assertThat(dataFolders()).isEmpty();
  }

  @Test
  void saysWhenThereIsNoServerToMeasure() {
    try (var bench = launch(List.of())) {
      bench.awaitOutput("build it, or give --server-command", LIMIT);
      await().atMost(LIMIT).until(() -> !bench.isAlive());
      assertThat(bench.exitCode()).isEqualTo(1);
    }
  }

  private JsonObject json() throws IOException {
    try (var files = Files.list(folder)) {
      var file = files.filter(f -> f.toString().endsWith(".json")).findFirst().orElseThrow();
      return new JsonObject(Files.readString(file));
    }
  }

  private List<Path> dataFolders() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith("starling-data")).toList();
    }
  }

  private ChildProcess start(String... arguments) {
    var server =
        Launch.javaProgram()
            + " -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "
            + FakeCloud.class.getName();
    var all = new ArrayList<>(List.of("--quick", "--connections", "10", "--rate", "300"));
    all.addAll(List.of("--server-flags", "-Xmx128m -XX:+UseSerialGC"));
    all.addAll(List.of("--server-command", server));
    all.addAll(List.of(arguments));
    return launch(all);
  }

  private ChildProcess launch(List<String> arguments) {
    var all = new ArrayList<>(arguments);
    all.addAll(List.of("--root", folder.toString(), "--output", folder.toString()));
    var flags =
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=logback-tools.xml",
            "-Djava.io.tmpdir=" + folder);
    return Launch.java(BenchCommand.class, flags, all)
        .withEnvironment("CLASSPATH", System.getProperty("java.class.path"))
        .start();
  }
}
