package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.bench.BenchOptions.Row;
import io.starling.testing.device.DurationText;
import io.starling.testing.server.MosquittoProcess;
import io.starling.testing.server.ServerOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command behind {@code scripts/bench}. Exit codes: 0, 1 for a failure, 2 for its usage. */
@Command(
    name = "bench",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Measures what Starling costs against a bare Vert.x MQTT server that only acknowledges, in"
          + " one run. Prints a table and writes JSON.",
      ""
    },
    footer = {
      "",
      "Server CPU is read from /proc. Latencies count from the moment a message was due. Close"
          + " other programs: the table says how much of the machine they took."
    })
public final class BenchCommand implements Callable<Integer> {
  /** As scripts/run starts the server. */
  private static final List<String> DEFAULT_FLAGS =
      List.of(
          "-Xms256m",
          "-Xmx1g",
          "-XX:+UseParallelGC",
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(names = "--quick", description = "one repetition, a few seconds a row, 2,000 idle")
  private boolean quick;

  @Option(names = "--repeat", paramLabel = "N", description = "repetitions (default 3)")
  private int repeat = 3;

  @Option(
      names = "--rows",
      paramLabel = "ROW",
      split = ",",
      description = "only these of ${COMPLETION-CANDIDATES}")
  private Set<Row> rows = EnumSet.allOf(Row.class);

  @Option(names = "--connections", paramLabel = "N", description = "that publish (default 1000)")
  private int connections = 1_000;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "in flight on each when saturated (default 16)")
  private int window = 1;

  @Option(names = "--payload", paramLabel = "BYTES", description = "(default 256)")
  private int payload = 256;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "events a second of the latency rows (default 5000)")
  private @Nullable Double rate;

  @Option(
      names = "--idle",
      paramLabel = "N",
      description = "idle connections (default 20000; at most what the limit of open files allows)")
  private @Nullable Integer idle;

  @Option(
      names = "--surge",
      paramLabel = "N",
      description = "devices that come back at once (default 5000, quick 1000)")
  private @Nullable Integer surge;

  @Option(
      names = "--outage-events",
      paramLabel = "N",
      description =
          "published while endpoints are down (default 360000, an hour of 100 devices; quick"
              + " 3000)")
  private @Nullable Integer outageEvents;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "of each measured interval (default 10, quick 3)")
  private @Nullable Integer seconds;

  @Option(
      names = "--server-command",
      paramLabel = "COMMAND",
      description = {
        "starts the server; split at spaces. It has to be, or exec, the server's own process and"
            + " take its ports and folder from STARLING_… variables",
        "(default: this java with the class path of target/starling/lib)"
      })
  private String serverCommand = "";

  @Option(
      names = "--server-flags",
      paramLabel = "FLAGS",
      description = "JVM flags of both servers, in one argument")
  private String serverFlags = String.join(" ", DEFAULT_FLAGS);

  @Option(
      names = "--server-env",
      paramLabel = "KEY=VALUE",
      description = "a further variable for the server")
  private Map<String, String> serverEnvironment = Map.of();

  @Option(
      names = "--soak",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "instead of the rows: an even load for so long, such as 1h, and whether memory stays"
              + " flat (--rate messages a second, default 1000 then; --limit is not counted)")
  private @Nullable Duration soak;

  @Option(
      names = "--limit",
      paramLabel = "MINUTES",
      description = "gives up after this (default 60)")
  private int limitMinutes = 60;

  @Option(names = "--root", hidden = true)
  private Path root = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "for the JSON (default target/bench)")
  private @Nullable Path output;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  private static CommandLine commandLine() {
    return new CommandLine(new BenchCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (failure, _) -> {
              var err = failure.getCommandLine().getErr();
              err.println("bench: " + failure.getMessage());
              err.println("Try bench --help.");
              return 2;
            })
        .setExecutionExceptionHandler(
            (failure, command, _) -> {
              command.getErr().println("bench: " + failure.getMessage());
              return 1;
            });
  }

  @Override
  public Integer call() throws IOException {
    var options = options();
    check(
        repeat > 0 && connections > 1 && rate() > 0,
        "--repeat, --rate: above 0, --connections: above 1");
    check(window > 0 && window <= 1_000, "--window is 1 to 1000");
    check(options.outageEvents() >= 1_000, "--outage-events is 1000 or more");
    check(limitMinutes > 0, "--limit is above 0");
    var needsServer = options.rows().stream().anyMatch(row -> row != Row.BARE);
    if (needsServer && serverCommand.isEmpty() && !Files.isDirectory(options.server().lib())) {
      throw new IllegalStateException(
          "no server in " + options.server().lib() + ": build it, or give --server-command");
    }
    if (soak != null) {
      return soak(options, soak);
    }
    giveUpAfter(Duration.ofMinutes(limitMinutes));
    check(
        !options.has(Row.MOSQUITTO) || MosquittoProcess.program().isPresent(),
        "no mosquitto here: install it, or leave the row out by --rows");
    var machine = Machine.here();
    line("Starling bench, " + machine.describe());
    if (options.has(Row.IDLE) && IdleRun.allowed(options.idle()) < options.idle()) {
      line(
          "idle connections: %,d instead of %,d, because of the hard limit of open files"
              .formatted(IdleRun.allowed(options.idle()), options.idle()));
    }
    var results = new Results();
    var vertx = Vertx.vertx();
    try {
      new Bench(vertx, options, results, this::line).run();
    } catch (IllegalStateException e) {
      line("so far:" + System.lineSeparator() + results.table());
      throw e;
    } finally {
      Await.done(vertx.close());
    }
    line(System.lineSeparator() + results.table());
    var folder = output == null ? root.resolve("target/bench") : output;
    line("written to " + Report.write(folder, machine, options, results));
    return 0;
  }

  private double rate() {
    return rate == null ? (soak == null ? 5_000 : 1_000) : rate;
  }

  private int soak(BenchOptions options, Duration time) {
    var vertx = Vertx.vertx();
    try {
      return new Soak(vertx, options, this::line).run(time, rate()) ? 0 : 1;
    } finally {
      Await.done(vertx.close());
    }
  }

  private BenchOptions options() {
    return new BenchOptions(
        rows,
        connections,
        window,
        payload,
        rate(),
        idle == null ? (quick ? 2_000 : 20_000) : idle,
        surge == null ? (quick ? 1_000 : 5_000) : surge,
        outageEvents == null ? (quick ? 3_000 : 360_000) : outageEvents,
        quick ? 1 : repeat,
        Duration.ofSeconds(quick ? 1 : 5),
        quick ? 0 : 9,
        quick ? 5 : 15,
        Duration.ofSeconds(seconds == null ? (quick ? 3 : 10) : seconds),
        Duration.ofSeconds(quick ? 30 : 90),
        new ServerOptions(
            words(serverCommand),
            words(serverFlags),
            serverEnvironment,
            root.resolve("services/standalone/target/starling/lib")));
  }

  /** Ends the process, and with it by their shutdown hooks all servers, whatever hangs. */
  private void giveUpAfter(Duration limit) {
    Thread.ofPlatform()
        .daemon()
        .name("limit")
        .start(
            () -> {
              Meter.pause(limit);
              line(
                  "bench: gives up after "
                      + TimeUnit.SECONDS.toMinutes(limit.toSeconds())
                      + " min");
              System.exit(1);
            });
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(" ", -1)).filter(word -> !word.isBlank()).toList();
  }

  private void line(String text) {
    out().println(text);
    out().flush();
  }

  private PrintWriter out() {
    return command().getOut();
  }

  private void check(boolean right, String rule) {
    if (!right) {
      throw new ParameterException(command(), rule);
    }
  }

  private CommandLine command() {
    if (spec == null) {
      throw new IllegalStateException("runs under picocli only");
    }
    return spec.commandLine();
  }
}
