package io.starling.testing.region;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command behind {@code scripts/region}. Exit codes: 0, 1 for a failure (or a region that is
 * not well), 2 for its usage.
 */
@Command(
    name = "region",
    sortOptions = false,
    sortSynopsis = false,
    usageHelpAutoWidth = true,
    description = {
      "A whole region on this machine, to play with: three nodes in three zones, each at an address"
          + " of its own (127.0.1.1 to 127.0.1.3) with the usual ports, and a primary and a standby"
          + " of their database.",
      ""
    },
    footer = {
      "",
      "NODE is 1, 2, 3 or its name (node-1). Everything is kept in the data folder; demo.env there"
          + " tells the account to try with: STARLING_DATA=data/region scripts/device.",
      "cut and heal need root and a region started with --namespaces: then each node has a network"
          + " of its own, and clients run in the hub, which status names.",
      "Exit code: 0; 1 for a failure, and for status when not all is well; 2 for wrong usage."
    })
public final class RegionCommand {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      scope = ScopeType.INHERIT,
      description = "of the region (default data/region)")
  private @Nullable Path data;

  @Option(names = "--root", hidden = true, scope = ScopeType.INHERIT)
  private Path root = Path.of("");

  public static void main(String[] arguments) {
    var command = new RegionCommand();
    System.exit(command.run(arguments));
  }

  private int run(String[] arguments) {
    return commandLine(this).execute(arguments);
  }

  private static CommandLine commandLine(RegionCommand command) {
    return new CommandLine(command)
        .setParameterExceptionHandler(
            (failure, _) -> {
              var err = failure.getCommandLine().getErr();
              err.println("region: " + failure.getMessage());
              err.println("Try region --help.");
              return 2;
            })
        .setExecutionExceptionHandler(
            (failure, line, _) -> {
              line.getErr().println("region: " + failure.getMessage());
              return 1;
            });
  }

  @Command(
      name = "start",
      description = "starts all that does not run, or one node; the first time makes the region")
  int start(
      @Parameters(arity = "0..1", paramLabel = "NODE") @Nullable String node,
      @Option(names = "--nodes", paramLabel = "N", description = "1, 3 (default), 5 or 7")
          @Nullable Integer count,
      @Option(names = "--heap", paramLabel = "MIB", description = "of each node (default 400)")
          @Nullable Integer heap,
      @Option(
              names = "--namespaces",
              description = "a network for each node that can be cut; needs root")
          boolean namespaces,
      @Option(
              names = "--network",
              paramLabel = "A.B.C",
              description = "of the addresses (default 127.0.1; with namespaces one of 10.*)")
          @Nullable String network,
      @Option(
              names = "--set",
              paramLabel = "STARLING_…=VALUE",
              description = "a further setting of all nodes")
          @Nullable Map<String, String> environment) {
    var folder = folder();
    var found = Region.find(folder, programs(), this::progress);
    var chosen =
        count != null || heap != null || namespaces || network != null || environment != null;
    if (found.isPresent() && chosen && !found.get().isInside()) {
      throw new IllegalStateException(
          "the region in %s is made already: wipe it to choose anew".formatted(folder));
    }
    if (found.isEmpty() && node != null) {
      throw new IllegalStateException("there is no region in " + folder + ": start it whole first");
    }
    try (var region =
        found.orElseGet(
            () ->
                Region.make(
                    folder,
                    settings(folder, count, heap, namespaces, network, environment),
                    programs(),
                    this::progress))) {
      return Inside.runFirst(region, RegionCommand.class, arguments(), () -> start(region, node));
    }
  }

  private int start(Region region, @Nullable String node) {
    if (node == null) {
      region.start();
    } else {
      region.start(region.node(node));
    }
    return show(region, false);
  }

  private RegionSettings settings(
      Path folder,
      @Nullable Integer count,
      @Nullable Integer heap,
      boolean namespaces,
      @Nullable String network,
      @Nullable Map<String, String> environment) {
    try {
      if (namespaces) {
        Namespaces.require();
      }
      var at = network == null ? (namespaces ? Namespaces.network(folder) : "127.0.1") : network;
      var plain = RegionSettings.of(count == null ? 3 : count, namespaces ? "127.0.1" : at);
      var settings = plain.withHeap(heap == null ? plain.heapMegabytes() : heap);
      settings = namespaces ? settings.withNamespaces(at) : settings;
      return environment == null ? settings : settings.with(environment);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command(), String.valueOf(e.getMessage()), e);
    }
  }

  @Command(name = "status", description = "how each node and the database are, and a verdict")
  int status(@Option(names = "--json", description = "for programs") boolean json) {
    return within(region -> show(region, json) == 0 && region.status().isWell() ? 0 : 1);
  }

  private int show(Region region, boolean json) {
    var status = region.status();
    if (json) {
      line(status.json().encodePrettily());
      return 0;
    }
    line(status.text());
    region
        .namespaces()
        .filter(Namespaces::exist)
        .ifPresent(
            spaces ->
                line(
                    "clients reach it from the hub: ip netns exec %s COMMAND"
                        .formatted(spaces.hub())));
    return 0;
  }

  @Command(name = "kill", description = "SIGKILL to a node")
  int kill(@Parameters(paramLabel = "NODE") String node) {
    return fault(node, "killed", Region::kill);
  }

  @Command(name = "freeze", description = "SIGSTOP to a node: it keeps all connections, silently")
  int freeze(@Parameters(paramLabel = "NODE") String node) {
    return fault(node, "frozen", Region::freeze);
  }

  @Command(name = "thaw", description = "SIGCONT to a frozen node")
  int thaw(@Parameters(paramLabel = "NODE") String node) {
    return fault(node, "thawed", Region::thaw);
  }

  @Command(name = "cut", description = "takes a node's network away (root, --namespaces)")
  int cut(@Parameters(paramLabel = "NODE") String node) {
    return fault(node, "cut off", Region::cut);
  }

  @Command(name = "heal", description = "gives it back")
  int heal(@Parameters(paramLabel = "NODE") String node) {
    return fault(node, "healed", Region::heal);
  }

  private int fault(String node, String done, BiConsumer<Region, RegionNode> action) {
    return within(
        region -> {
          var which = region.node(node);
          action.accept(region, which);
          line(which.name() + " is " + done);
          return 0;
        });
  }

  @Command(
      name = "stop",
      description = "stops everything orderly and leaves nothing behind, or stops one node")
  int stop(@Parameters(arity = "0..1", paramLabel = "NODE") @Nullable String node) {
    return within(
        region -> {
          if (node == null) {
            region.stop();
          } else {
            region.stop(region.node(node));
          }
          progress("stopped");
          return 0;
        });
  }

  @Command(name = "wipe", description = "removes a stopped region with all its data")
  int wipe() {
    return within(
        region -> {
          region.wipe();
          progress("removed " + folder());
          return 0;
        });
  }

  /** What is done with a region that there is; an exit code. */
  private interface Deed {
    int on(Region region);
  }

  private int within(Deed deed) {
    var folder = folder();
    var found = Region.find(folder, programs(), this::progress);
    if (found.isEmpty()) {
      throw new IllegalStateException("there is no region in " + folder + ": start it first");
    }
    try (var region = found.get()) {
      return Inside.run(region, RegionCommand.class, arguments(), () -> deed.on(region));
    }
  }

  private String[] arguments() {
    return command().getParseResult().originalArgs().toArray(String[]::new);
  }

  private Path folder() {
    return data == null ? root.resolve("data/region") : data;
  }

  private Programs programs() {
    var lib = root.resolve("services/standalone/target/starling/lib");
    if (!Files.isDirectory(lib)) {
      throw new IllegalStateException("no server in " + lib + ": build it first");
    }
    return Programs.of(lib);
  }

  private void progress(String what) {
    line("region: " + what);
  }

  private void line(String text) {
    PrintWriter out = command().getOut();
    out.println(text);
    out.flush();
  }

  private CommandLine command() {
    if (spec == null) {
      throw new IllegalStateException("runs under picocli only");
    }
    return spec.commandLine();
  }
}
