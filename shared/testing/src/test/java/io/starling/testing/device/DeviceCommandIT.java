package io.starling.testing.device;

import static io.starling.testing.Await.done;
import static io.starling.testing.Await.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.FakeCloud;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceCommandIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir private Path data;
  private FakeCloud cloud;

  @BeforeEach
  void open() {
    cloud = get(FakeCloud.open(Vertx.vertx(), data, 0, 0, 0));
  }

  @AfterEach
  void close() {
    done(cloud.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "5"})
  void describesItselfPublishesAndAnswersCalls(String mqtt) {
    try (var device = start("--every", "50ms", "--mqtt", mqtt)) {
      var first = device.awaitLine("published temp", LIMIT);
      assertThat(first).containsPattern("published temp \\d\\d\\.\\d \\(acknowledged in");
      assertThat(cloud.topics().getFirst())
          .matches(
              "\\$cloud/describe \\{\"functions\":\\[\"led\"],\"variables\":\\{\"temp\":\"double\"},"
                  + "\"firmware\":\\{\"product\":1,\"version\":1,\"hash\":\"[0-9a-f]{64}\"},"
                  + "\"platform\":\"virtual\"}");

      cloud.call("$cloud/call/led/r1", "on");
      cloud.call("$cloud/call/led/r2", "blue");
      cloud.call("$cloud/call/fan/r3", "on");
      cloud.call("$cloud/read/temp/r4", "");
      cloud.call("$cloud/vitals/r5", "");
      cloud.call("$cloud/signal", "1");

      device.awaitOutput("received $cloud/signal 1", LIMIT);
      device.awaitOutput("call led(\"on\") -> 1", LIMIT);
      await()
          .untilAsserted(
              () ->
                  assertThat(cloud.topics())
                      .contains(
                          "$cloud/return/r1 1",
                          "$cloud/return/r2 -1",
                          "$cloud/return/r3 {\"error\":\"no function fan\"}")
                      .anyMatch(line -> line.matches("\\$cloud/value/r4 \\d\\d\\.\\d"))
                      .anyMatch(line -> line.startsWith("$cloud/vitals {\"device\":{\"system\":"))
                      .anyMatch(line -> line.startsWith("$cloud/vitals/r5 {\"device\":")));
    }
  }

  @Test
  void asksForLedgersTellsTheirStatesAndReports() {
    try (var device =
        start("--every", "1h", "--ledger", "config", "--report", "state={\"led\":\"on\"}")) {
      device.awaitOutput("asked for ledger config", LIMIT);
      device.awaitOutput("reported to ledger state", LIMIT);
      assertThat(cloud.topics())
          .contains("$cloud/ledger/config/get ", "$cloud/ledger/state/report {\"led\":\"on\"}");
      cloud.call("$cloud/ledger/config/set", "{\"version\":7,\"data\":{\"rate\":5}}");
      device.awaitOutput("ledger config is {\"rate\":5} (version 7)", LIMIT);
      cloud.call("$cloud/ledger/state/refused", "{\"error\":\"unknown\"}");
      device.awaitOutput("ledger state: refused, {\"error\":\"unknown\"}", LIMIT);
    }
  }

  @Test
  void disconnectsCleanlyOnCtrlC() throws IOException {
    try (var device = start("--every", "1h")) {
      device.awaitOutput("published temp", LIMIT);
      var signal = new ProcessBuilder("kill", "-INT", Long.toString(device.pid())).start();
      await().until(() -> !signal.isAlive());
      await().atMost(LIMIT).until(() -> !device.isAlive());
      assertThat(device.exitCode()).isEqualTo(128 + 2);
      assertThat(device.output().getLast()).endsWith(" disconnected");
    }
  }

  @Test
  void saysWhenItsSecretIsWrong() {
    try (var device = start("--secret", "nonsense")) {
      device.awaitOutput("bad user name or password; check device id and secret", LIMIT);
      await().atMost(LIMIT).until(() -> !device.isAlive());
      assertThat(device.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void endsWithTwoWhenItsUsageIsWrong() {
    try (var device = start("--every", "5")) {
      device.awaitOutput("'5' is not a time such as 500ms, 5s, 2m or 1h", LIMIT);
      device.awaitOutput("Try device --help.", LIMIT);
      await().atMost(LIMIT).until(() -> !device.isAlive());
      assertThat(device.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void drivesAFleetOfDevicesThatItMakesAndKeeps() throws IOException {
    for (var run = 0; run < 2; run++) {
      try (var fleet = start("--count", "20", "--rate", "400", "--duration", "1s")) {
        fleet.awaitOutput("latency       p50", LIMIT);
        fleet.awaitOutput("acknowledged  400 (refused 0, unanswered 0, pending 0)", LIMIT);
        await().atMost(LIMIT).until(() -> !fleet.isAlive());
        assertThat(fleet.exitCode()).isZero();
      }
    }
    assertThat(cloud.devicesMade()).isEqualTo(20);
    var kept = data.resolve("fleet-devices");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(kept)).hasSize(21);
  }

  @Test
  void refusesAFileOfTooFewDevices() throws IOException {
    var file = Files.writeString(data.resolve("two"), "a s\nb s\n");
    try (var fleet = start("--count", "3", "--devices", file.toString())) {
      fleet.awaitOutput("has 2 devices, --count asks for 3", LIMIT);
    }
  }

  private ChildProcess start(String... arguments) {
    var flags =
        List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=logback-tools.xml");
    return Launch.java(DeviceCommand.class, flags, new ArrayList<>(List.of(arguments)))
        .withoutInherited("STARLING_")
        .withEnvironment("STARLING_DATA", data.toString())
        .start();
  }
}
