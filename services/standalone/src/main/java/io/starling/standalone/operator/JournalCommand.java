package io.starling.standalone.operator;

import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.journal.membership.JournalAddress;
import io.starling.journal.membership.LogMembers;
import io.starling.journal.membership.LogMembers.Standing;
import io.starling.journal.membership.Membership;
import io.starling.journal.membership.Neighbours;
import io.starling.journal.membership.Plan;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The replicas of the journal: who they are, and how disks come and go. Speaks with the journals
 * themselves, so it works from any machine that reaches them, with any one of them dead.
 */
@Command(
    name = "journal",
    sortOptions = false,
    description = {
      "Shows and changes which disks hold the region's journal.",
      "A change is shown as a plan first and carried out when you say yes. It can be interrupted at"
          + " any moment: give the same command again."
    },
    footer = {
      "",
      "A new disk runs first: start its node with an empty data folder and its address in"
          + " STARLING_JOURNAL_REPLICAS; it waits there to be taken in."
    })
final class JournalCommand implements Runnable {
  private static final Duration CALL = Duration.ofSeconds(2);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(20);
  private static final Duration PLAN_LIMIT = Duration.ofHours(6);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--replicas",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "where journals listen; by default STARLING_JOURNAL_REPLICAS")
  private List<String> replicas = List.of();

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "of the region; by default STARLING_SHARDS, or 3")
  private int shards;

  @Override
  public void run() {
    throw new ParameterException(spec().commandLine(), "a command is needed: try --help");
  }

  @Command(description = "shows every log's replicas, its leader, and how far each has come")
  int members(@Option(names = "--json", description = "for programs") boolean json) {
    return with(
        membership -> {
          var logs = get(membership.members(), ASK_LIMIT);
          if (json) {
            out().println(json(logs).encodePrettily());
          } else {
            logs.forEach(this::print);
          }
          return logs.stream().allMatch(LogMembers::healthy) ? 0 : 1;
        });
  }

  @Command(description = "takes the dead disk DISK out, and the new one at HOST:PORT in")
  int replace(
      @Parameters(paramLabel = "DISK", description = "its id, or as much of it as is clear")
          String disk,
      @Parameters(paramLabel = "HOST:PORT") String address,
      @Option(names = "--yes", description = "without asking") boolean yes,
      @Option(names = "--step-limit", paramLabel = "SECONDS", defaultValue = "600") long limit) {
    return change(
        membership -> membership.planReplace(disk(membership, disk), address(address)), yes, limit);
  }

  @Command(description = "takes new disks in")
  int grow(
      @Parameters(paramLabel = "HOST:PORT", arity = "1..*") List<String> addresses,
      @Option(names = "--yes", description = "without asking") boolean yes,
      @Option(names = "--step-limit", paramLabel = "SECONDS", defaultValue = "600") long limit) {
    return change(
        membership -> membership.planGrow(addresses.stream().map(this::address).toList()),
        yes,
        limit);
  }

  @Command(description = "takes disks out; what they hold is left as it is")
  int shrink(
      @Parameters(paramLabel = "DISK", arity = "1..*") List<String> disks,
      @Option(names = "--yes", description = "without asking") boolean yes,
      @Option(names = "--step-limit", paramLabel = "SECONDS", defaultValue = "600") long limit) {
    return change(
        membership ->
            membership.planShrink(disks.stream().map(each -> disk(membership, each)).toList()),
        yes,
        limit);
  }

  private int change(Function<Membership, Future<Plan>> planning, boolean yes, long limitSeconds) {
    return with(
        membership -> {
          var plan = get(planning.apply(membership), ASK_LIMIT);
          out().println(plan);
          if (!plan.refusals().isEmpty()) {
            return 1;
          }
          if (plan.steps().isEmpty() || !(yes || confirmed())) {
            return 0;
          }
          var carriedOut =
              membership.execute(
                  plan,
                  Duration.ofSeconds(limitSeconds),
                  step ->
                      out()
                          .printf(
                              Locale.ROOT,
                              "%d of %d  %s%n",
                              step.done() + 1,
                              step.of(),
                              step.next()));
          boolean _ = get(carriedOut.map(true), PLAN_LIMIT);
          out().println("done");
          return 0;
        });
  }

  private boolean confirmed() {
    @SuppressWarnings("SystemConsoleNull") // and it may be one that is no terminal
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      out().println("Nothing was changed: give --yes where there is no terminal to ask at.");
      return false;
    }
    boolean confirmed = "yes".equals(console.readLine("Carry this out? Type yes: "));
    if (!confirmed) {
      out().println("Nothing was changed.");
    }
    return confirmed;
  }

  private int with(Function<Membership, Integer> work) {
    var asked = addresses();
    int count = shards > 0 ? shards : fromEnvironment("STARLING_SHARDS", 3);
    var names = new ArrayList<>(List.of("directory", "sessions", "retained"));
    for (int shard = 0; shard < count; shard++) {
      names.add(ShardLeaders.logName(shard));
    }
    var vertx = Vertx.vertx();
    try (var neighbours = new Neighbours(names, CALL)) {
      var workers = vertx.createSharedWorkerExecutor("operator", 2);
      return work.apply(new Membership(vertx, workers, neighbours, asked));
    } catch (Unanswered | IOException e) {
      spec().commandLine().getErr().println("starling: " + e.getMessage());
      return 1;
    } finally {
      boolean _ = get(vertx.close().map(true).otherwise(false), ASK_LIMIT);
    }
  }

  private List<JournalAddress> addresses() {
    var given = replicas;
    String set = System.getenv("STARLING_JOURNAL_REPLICAS");
    if (given.isEmpty() && set != null) {
      given = Arrays.asList(set.split(",", -1));
    }
    if (given.isEmpty()) {
      throw new ParameterException(
          spec().commandLine(), "--replicas is needed, or STARLING_JOURNAL_REPLICAS");
    }
    return given.stream().map(String::strip).map(this::address).toList();
  }

  private JournalAddress address(String text) {
    try {
      return JournalAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec().commandLine(), text + " is not host:port", e);
    }
  }

  private int fromEnvironment(String name, int otherwise) {
    String set = System.getenv(name);
    try {
      return set == null ? otherwise : Integer.parseInt(set.strip());
    } catch (NumberFormatException e) {
      throw new ParameterException(spec().commandLine(), name + " is not a number", e);
    }
  }

  /** The whole id of the one disk that begins so; what names none is told by the plan. */
  private String disk(Membership membership, String beginning) {
    var found =
        get(membership.members(), ASK_LIMIT).stream()
            .flatMap(log -> log.members().stream())
            .map(member -> member.diskId())
            .filter(disk -> disk.startsWith(beginning))
            .distinct()
            .toList();
    if (found.size() > 1) {
      throw new Unanswered(beginning + " is the beginning of several disks: " + found);
    }
    return found.isEmpty() ? beginning : found.getFirst();
  }

  private void print(LogMembers log) {
    var leader = log.leader();
    out()
        .println(
            log.log()
                + (leader == null ? ": no leader answers" : ": led by " + leader)
                + (log.changing() ? ", changing its members" : ""));
    for (var each : log.standings()) {
      out().printf(Locale.ROOT, "  %-32s %s%n", each.member(), standing(each));
    }
  }

  private static String standing(Standing each) {
    if (!each.answers()) {
      return "does not answer";
    }
    if (each.leads()) {
      return "leads";
    }
    return each.lag() < 0
        ? "follows"
        : each.lag() == 0 ? "in step" : "behind by " + each.lag() + " entries";
  }

  private static JsonArray json(List<LogMembers> logs) {
    var all = new JsonArray();
    for (var log : logs) {
      var members = new JsonArray();
      for (var each : log.standings()) {
        members.add(
            new JsonObject()
                .put("disk", each.member().diskId())
                .put("address", each.member().address().toString())
                .put("leads", each.leads())
                .put("answers", each.answers())
                .put("lag", each.lag() < 0 ? null : each.lag()));
      }
      all.add(
          new JsonObject()
              .put("log", log.log())
              .put("healthy", log.healthy())
              .put("changing", log.changing())
              .put("members", members));
    }
    return all;
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }

  /** Nobody answered, or not as hoped; in words for an operator. */
  private static final class Unanswered extends RuntimeException {
    Unanswered(String message) {
      super(message, null, false, false);
    }
  }

  private static <T> T get(Future<T> future, Duration limit) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new Unanswered(String.valueOf(cause.getMessage()));
    } catch (TimeoutException _) {
      throw new Unanswered("no answer within " + limit.toSeconds() + " s");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Unanswered("interrupted");
    }
  }
}
