package io.starling.testing.fuzz;

import io.starling.testing.Await;
import io.starling.testing.server.ServerOptions;
import io.starling.testing.server.StarlingProcess;
import io.starling.testing.server.TemporaryFolder;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fuzzes a server that it starts itself. */
@Command(
    name = "fuzz",
    description = {
      "Starts a server that looks for leaks in every buffer, holds random and damaged MQTT",
      "conversations with it, and tells whether a connection hung, a buffer leaked, or the",
      "log has an error. Exit status: 0 nothing found, 1 something, 2 wrong use."
    })
public final class FuzzCommand implements Callable<Integer> {
  private static final List<String> FLAGS =
      List.of(
          "-Xmx1g",
          "-XX:+UseParallelGC",
          "-XX:+UseCompactObjectHeaders",
          "-Dlogback.configurationFile=logback.xml",
          "-Dio.netty.leakDetection.level=paranoid",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  @Option(names = "--help", usageHelp = true, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(names = "--packets", paramLabel = "N", description = "to send (default 1000000)")
  private long packets = 1_000_000;

  @Option(names = "--connections", paramLabel = "N", description = "at a time (default 40)")
  private int connections = 40;

  @Option(names = "--seed", paramLabel = "N", description = "of all choices (default by the clock)")
  private @Nullable Long seed;

  @Option(names = "--root", hidden = true)
  private Path root = Path.of("");

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new FuzzCommand())
            .setExecutionExceptionHandler(
                (failure, command, _) -> {
                  command.getErr().println("fuzz: " + failure.getMessage());
                  return 1;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() {
    long chosen = seed == null ? System.nanoTime() : seed;
    say("seed " + chosen);
    var lib = root.resolve("services/standalone/target/starling/lib");
    var vertx = Vertx.vertx();
    try (var data = TemporaryFolder.create();
        var server =
            StarlingProcess.start(
                new ServerOptions(List.of(), FLAGS, Map.of(), lib).unpaced(), data.path())) {
      var findings = run(vertx, server, chosen);
      findings.forEach(FuzzCommand::say);
      say(findings.isEmpty() ? "nothing found" : findings.size() + " findings");
      return findings.isEmpty() ? 0 : 1;
    } finally {
      Await.done(vertx.close());
    }
  }

  private List<String> run(Vertx vertx, StarlingProcess server, long chosen) {
    var clients = FuzzRun.clients(vertx, server.env());
    var run = new FuzzRun(server.target(), clients, packets, chosen);
    long timer = vertx.setPeriodic(10_000, _ -> say("%,d packets".formatted(run.said())));
    var report = Await.get(run.run(vertx, connections), Duration.ofHours(6));
    vertx.cancelTimer(timer);
    say(
        "%,d packets in %,d conversations, of which the server has ended %,d"
            .formatted(report.packets(), report.conversations(), report.ended()));
    // What has leaked is told by the collector, and written when the next buffers are made.
    var _ = server.heapAfterCollection();
    var more = new FuzzRun(server.target(), clients, 5_000, chosen + 1);
    var findings = new ArrayList<>(report.failures());
    findings.addAll(Await.get(more.run(vertx, connections), Duration.ofMinutes(5)).failures());
    findings.addAll(LogFindings.in(server.output()));
    return findings;
  }

  private static void say(String line) {
    System.out.println("fuzz: " + line);
  }
}
