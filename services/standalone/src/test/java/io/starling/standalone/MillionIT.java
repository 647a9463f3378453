package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.million.MillionReport.Times;
import io.starling.testing.million.MillionRun;
import io.starling.testing.process.Launch;
import io.starling.testing.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of scripts/million. */
class MillionIT {
  private static final int DEVICES = 21_000;

  @TempDir private Path data;
  @TempDir private Path files;

  @Test
  void aFleetIsImportedFoundAndKnownAgainAfterARestart() {
    var command =
        List.of(
            Launch.javaProgram().toString(),
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Dlogback.configurationFile=logback.xml",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    var options = new ServerOptions(command, List.of(), Map.of(), data);
    var report = new MillionRun(options, DEVICES, Duration.ofMinutes(2), _ -> {}).run(data, files);

    System.out.println(report);
    assertThat(found(report.pages(), "first page")).isGreaterThanOrEqualTo(DEVICES);
    assertThat(found(report.pages(), "a group")).isEqualTo(DEVICES / 5);
    assertThat(found(report.pages(), "two groups")).isEqualTo(2 * DEVICES / 5);
    assertThat(found(report.pages(), "every serial number")).isEqualTo(DEVICES);
    assertThat(found(report.pages(), "one serial number")).isOne();
    assertThat(report.pages()).allMatch(page -> page.median() < 1_000);
  }

  private static int found(List<Times> pages, String kind) {
    return pages.stream()
        .filter(page -> page.kind().equals(kind))
        .findFirst()
        .orElseThrow()
        .found();
  }
}
