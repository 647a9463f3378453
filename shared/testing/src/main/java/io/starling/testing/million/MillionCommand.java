package io.starling.testing.million;

import io.starling.testing.server.ServerOptions;
import io.starling.testing.server.TemporaryFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command behind {@code scripts/million}. */
@Command(
    name = "million",
    description = {
      "Imports a file of devices into one product of a server that it starts, and tells what that",
      "takes: time, heap, lists and searches, and the start after it."
    })
public final class MillionCommand implements Callable<Integer> {
  private static final List<String> FLAGS =
      List.of(
          "-Xmx4g",
          "-XX:+UseParallelGC",
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  @Option(names = "--help", usageHelp = true, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(names = "--devices", paramLabel = "N", description = "in the file (default 1000000)")
  private int devices = 1_000_000;

  @Option(names = "--root", hidden = true)
  private Path root = Path.of("");

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new MillionCommand())
            .setExecutionExceptionHandler(
                (failure, command, _) -> {
                  command.getErr().println("million: " + failure.getMessage());
                  return 1;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() {
    var lib = root.resolve("services/standalone/target/starling/lib");
    var options = new ServerOptions(List.of(), FLAGS, Map.of(), lib);
    try (var data = TemporaryFolder.create();
        var files = TemporaryFolder.create()) {
      var run = new MillionRun(options, devices, Duration.ofMinutes(30), MillionCommand::say);
      say(run.run(data.path(), files.path()).toString());
    }
    return 0;
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
