package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.bench.BenchCommand;
import io.starling.testing.process.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark's row of endpoints that are down for an hour of events, in short: everything
 * arrives, in order where that is asked for, and at its rate.
 */
final class OutageRowIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir private Path folder;

  @Test
  void everythingArrivesInOrderAndAtItsRateOnceEndpointsAreUp() {
    var server =
        Launch.javaProgram()
            + " -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
            + " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
            + " -XX:+UseCompactObjectHeaders "
            + Main.class.getName();
    var arguments =
        new ArrayList<>(List.of("--quick", "--rows", "outage", "--server-command", server));
    arguments.addAll(List.of("--root", folder.toString(), "--output", folder.toString()));
    try (var bench =
        Launch.java(
                BenchCommand.class,
                List.of(
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-Dlogback.configurationFile=logback-tools.xml",
                    "-Djava.io.tmpdir=" + folder),
                arguments)
            .withEnvironment("CLASSPATH", System.getProperty("java.class.path"))
            .start()) {
      await().atMost(LIMIT).until(() -> !bench.isAlive());
      assertThat(bench.output())
          .anyMatch(line -> line.contains("in order: first delivery after"))
          .anyMatch(line -> line.contains("written to"));
      assertThat(bench.exitCode()).isZero();
    }
  }
}
