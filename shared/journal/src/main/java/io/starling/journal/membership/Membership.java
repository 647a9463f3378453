package io.starling.journal.membership;

import io.starling.journal.membership.Plan.Step;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Who the replicas of all logs are, and how that is changed. Can be asked on any node, whether it
 * is a member or not: it speaks with the leaders, wherever they are. Thread-safe; futures complete
 * on the caller's context.
 */
public final class Membership {
  private static final long POLL_MILLIS = 200;

  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final Neighbours neighbours;
  private final List<JournalAddress> addresses;

  /**
   * Asks nobody yet.
   *
   * @param workers for what blocks
   * @param addresses where to begin asking; members that these name are asked as well
   */
  public Membership(
      Vertx vertx,
      WorkerExecutor workers,
      Neighbours neighbours,
      Collection<JournalAddress> addresses) {
    this.vertx = vertx;
    this.workers = workers;
    this.neighbours = neighbours;
    this.addresses = List.copyOf(addresses);
  }

  /** How far an execution is: so many steps are done, and this one is next. */
  public record Progress(int done, int of, Step next) {}

  /** The replicas of all logs, in the order in which the logs are configured. */
  public Future<List<LogMembers>> members() {
    return workers.executeBlocking(
        () -> {
          Survey survey = survey();
          return survey.logs().stream().map(survey::of).toList();
        },
        false);
  }

  /**
   * Plans to take a dead disk out and the new disk at an address, which may be the same, in.
   *
   * @param dead its disk id
   */
  public Future<Plan> planReplace(String dead, JournalAddress replacement) {
    return plan(planner -> planner.replace(dead, replacement), Set.of(replacement));
  }

  /** Plans to take in new disks. They must run and host empty logs. */
  public Future<Plan> planGrow(Collection<JournalAddress> added) {
    return plan(planner -> planner.grow(added), added);
  }

  /** Plans to take disks out. They may run; what they hold is left as it is. */
  public Future<Plan> planShrink(Collection<String> diskIds) {
    return plan(planner -> planner.shrink(diskIds), Set.of());
  }

  private Future<Plan> plan(Function<Planner, Plan> how, Collection<JournalAddress> added) {
    return workers.executeBlocking(() -> how.apply(new Planner(survey(added))), false);
  }

  /**
   * Carries a plan out, step by step. A step that takes in a disk lasts until that holds
   * everything. When it fails, or this process dies, steps are done or not, never half; plan again
   * then.
   *
   * @param stepLimit for one step
   * @param onProgress told before each step, on the caller's context
   */
  public Future<Void> execute(Plan plan, Duration stepLimit, Consumer<Progress> onProgress) {
    if (!plan.refusals().isEmpty()) {
      return Future.failedFuture(new IllegalArgumentException(plan.toString()));
    }
    Context context = vertx.getOrCreateContext();
    return workers.executeBlocking(
        () -> {
          int done = 0;
          for (Step step : plan.steps()) {
            Progress progress = new Progress(done++, plan.steps().size(), step);
            context.runOnContext(_ -> onProgress.accept(progress));
            carryOut(step, stepLimit);
          }
          return null;
        },
        false);
  }

  private void carryOut(Step step, Duration limit) throws IOException, InterruptedException {
    Set<String> wanted = ids(step.to());
    long end = System.nanoTime() + limit.toNanos();
    String why = "no leader answers";
    while (true) {
      LogView now = survey().leaderOf(step.log());
      if (now != null && !now.changing()) {
        Set<String> present = ids(now.members());
        if (present.equals(wanted)) {
          return;
        }
        if (!present.equals(ids(step.from()))) {
          throw new IOException(
              step.log() + " has other members than planned, " + now.members() + ": plan again");
        }
        why = change(now, step);
      }
      if (System.nanoTime() > end) {
        throw new IOException(step + " is not done after " + limit.toSeconds() + " s: " + why);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Failing is usual: a change that takes longer than a call is found done, or going on, later. */
  private String change(LogView now, Step step) {
    for (Member member : now.members()) {
      if (member.diskId().equals(now.leader())) {
        try {
          neighbours.change(member.address(), step.log(), now.members(), step.to());
          return "it was not there yet";
        } catch (IOException e) {
          return String.valueOf(e.getMessage());
        }
      }
    }
    return "the leader is not a member";
  }

  private Survey survey() throws InterruptedException {
    return survey(Set.of());
  }

  private Survey survey(Collection<JournalAddress> more) throws InterruptedException {
    Set<JournalAddress> asked = new HashSet<>(addresses);
    asked.addAll(more);
    return Survey.take(neighbours, asked);
  }

  private static Set<String> ids(List<Member> members) {
    Set<String> ids = new HashSet<>();
    members.forEach(member -> ids.add(member.diskId()));
    return ids;
  }
}
