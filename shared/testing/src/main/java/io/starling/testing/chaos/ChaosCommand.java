package io.starling.testing.chaos;

import io.starling.testing.Await;
import io.starling.testing.check.Violation;
import io.starling.testing.device.DurationText;
import io.starling.testing.process.AtExit;
import io.starling.testing.region.Inside;
import io.starling.testing.region.Programs;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionSettings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command behind {@code scripts/chaos}. Exit codes: 0, 1 for a violation, 2 for its usage. */
@Command(
    name = "chaos",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Starts a region, does seeded faults to it while devices publish and apps call, and checks"
          + " that every promise was kept: nothing acknowledged is lost at the webhook, the event"
          + " streams or the database, nothing invented, order, replies, owners, recovery times,"
          + " memory.",
      ""
    },
    footer = {
      "",
      "The same seed plans the same faults. cut needs root (network namespaces) and is done by"
          + " default where that is possible. A fault begins only when all was normal after the one"
          + " before.",
      "Exit code: 0 when every promise was kept; 1 for a violation or a failure; 2 for wrong usage."
    })
public final class ChaosCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(names = "--minutes", paramLabel = "N", description = "of faults (default 5)")
  private double minutes = 5;

  @Option(names = "--seed", paramLabel = "S", description = "(default: a new one)")
  private @Nullable Long seed;

  @Option(names = "--devices", paramLabel = "N", description = "(default 200)")
  private int devices = 200;

  @Option(names = "--rate", paramLabel = "R", description = "events a second (default 200)")
  private double rate = 200;

  @Option(
      names = "--faults",
      paramLabel = "FAULT",
      split = ",",
      description =
          "only these of kill, restart, freeze, cut, database, disk (default: all that can be)")
  private @Nullable Set<FaultKind> faults;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      converter = DurationText.class,
      description = "of load before the first fault (default 20s: JVMs that have just started)")
  private Duration warmUp = Duration.ofSeconds(20);

  @Option(
      names = "--outage",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "instead of seeded faults: all PostgreSQL servers are killed and come back so much later,"
              + " such as 3m; meanwhile a node is killed and started without them")
  private @Nullable Duration outage;

  @Option(names = "--nodes", paramLabel = "N", description = "1, 3 (default), 5 or 7")
  private int nodes = 3;

  @Option(names = "--heap", paramLabel = "MIB", description = "of each node (default 400)")
  private int heap = 400;

  @Option(
      names = "--clocks-apart",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "node 2's wall clock is so far ahead, node 3's behind, such as 7m (needs faketime)")
  private @Nullable Duration clocksApart;

  @Option(
      names = "--allowance",
      paramLabel = "X",
      description = "limits of recovery times X (default 1; more on a small or busy machine)")
  private double allowance = 1;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "of the region, removed first (default data/chaos)")
  private @Nullable Path data;

  @Option(names = "--keep", description = "leaves the region running in the end")
  private boolean keep;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "for the report with all violations (default target/chaos)")
  private @Nullable Path output;

  @Option(names = "--root", hidden = true)
  private Path root = Path.of("");

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  private static CommandLine commandLine() {
    return new CommandLine(new ChaosCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (failure, _) -> {
              var err = failure.getCommandLine().getErr();
              err.println("chaos: " + failure.getMessage());
              err.println("Try chaos --help.");
              return 2;
            })
        .setExecutionExceptionHandler(
            (failure, command, _) -> {
              command.getErr().println("chaos: " + failure.getMessage());
              return 1;
            });
  }

  @Override
  public Integer call() {
    check(minutes > 0 && devices > 0 && rate > 0, "--minutes, --devices, --rate: above 0");
    check(allowance > 0, "--allowance is above 0");
    var kinds = faults == null ? (outage == null ? possible() : ofTheDatabase()) : faults;
    check(!kinds.isEmpty(), "--faults names at least one");
    check(outage == null || nodes > 1, "--outage needs several nodes");
    check(clocksApart == null || nodes > 1, "--clocks-apart needs several nodes");
    var chosen = seed == null ? ThreadLocalRandom.current().nextLong(1_000_000_000) : seed;
    try (var region = region(kinds)) {
      return Inside.runFirst(
          region, ChaosCommand.class, arguments(chosen), () -> run(region, kinds, chosen));
    }
  }

  private Set<FaultKind> possible() {
    return Region.canCut()
        ? EnumSet.allOf(FaultKind.class)
        : EnumSet.complementOf(EnumSet.of(FaultKind.CUT));
  }

  private static Set<FaultKind> ofTheDatabase() {
    return EnumSet.of(FaultKind.DATABASE);
  }

  /** A new one; inside its hub: the one that was made outside. */
  private Region region(Set<FaultKind> kinds) {
    var folder = data == null ? root.resolve("data/chaos") : data;
    var programs = Programs.of(root.resolve("services/standalone/target/starling/lib"));
    var old = Region.find(folder, programs, _ -> {});
    if (old.isPresent() && old.get().isInside()) {
      return Region.find(folder, programs, this::line).orElseThrow();
    }
    old.ifPresent(left -> remove(left, folder));
    try {
      var settings =
          RegionSettings.of(nodes, "127.0.2")
              .withHeap(heap)
              .with(
                  Map.of(
                      "STARLING_JOURNAL_QUOTA",
                      Nemesis.QUOTA,
                      "STARLING_JOURNAL_MIN_FREE",
                      "64MiB"));
      var timed =
          clocksApart == null
              ? settings
              : settings.withClocks(Duration.ZERO, clocksApart, clocksApart.negated());
      return kinds.contains(FaultKind.CUT)
          ? Region.makeInNamespaces(folder, timed, programs, this::line)
          : Region.make(folder, timed, programs, this::line);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void remove(Region left, Path folder) {
    try (left) {
      if (!left.status().isStopped()) {
        throw new IllegalStateException(
            "a region runs in %s; to stop it: scripts/region stop --data %s"
                .formatted(folder, folder));
      }
      left.stop();
      left.wipe();
    }
  }

  private int run(Region region, Set<FaultKind> kinds, long chosen) {
    var stopped = new AtomicBoolean(keep);
    Runnable stop =
        () -> {
          if (!stopped.getAndSet(true)) {
            region.stop();
          }
        };
    var options =
        ChaosOptions.of(chosen)
            .lasting(Duration.ofMillis(Math.round(minutes * 60_000)))
            .withLoad(devices, rate)
            .withFaults(kinds)
            .withPace(1, allowance)
            .withWarmUp(warmUp);
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    try (var _ = AtExit.run(stop)) {
      region.start();
      if (outage == null) {
        var outcome = new ChaosRun(vertx, region, options, this::line).run();
        return told(outcome, outcome.text());
      }
      var result = new OutageRun(vertx, region, options, outage, this::line).run();
      return told(result.outcome(), result.text());
    } finally {
      stop.run();
      Await.done(vertx.close());
    }
  }

  private int told(Outcome outcome, String text) {
    line("");
    line(text);
    line("written to " + write(outcome, text));
    return outcome.violations().isEmpty() ? 0 : 1;
  }

  private Path write(Outcome outcome, String text) {
    var folder = output == null ? root.resolve("target/chaos") : output;
    try {
      Files.createDirectories(folder);
      var all =
          outcome.violations().stream().map(Violation::toString).collect(Collectors.joining("\n"));
      var file =
          folder.resolve("seed-%d-%d.txt".formatted(outcome.seed(), System.currentTimeMillis()));
      return Files.writeString(
          file,
          text
              + "\n\nAll violations:\n"
              + all
              + "\n\nAll calls that failed:\n"
              + outcome.failedCalls()
              + "\n");
    } catch (IOException e) {
      throw new IllegalStateException("the report could not be written: " + e.getMessage(), e);
    }
  }

  /** With the seed, so that the same run goes on inside a hub. */
  private String[] arguments(long chosen) {
    var given = command().getParseResult().originalArgs();
    var more = new java.util.ArrayList<>(given);
    if (seed == null) {
      more.add("--seed");
      more.add(Long.toString(chosen));
    }
    return more.toArray(String[]::new);
  }

  private void line(String text) {
    PrintWriter out = command().getOut();
    out.println(text);
    out.flush();
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
