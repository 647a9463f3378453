package io.starling.embedded.pair;

import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.pair.Answer.Follower;
import io.starling.embedded.pair.Answer.Writable;
import io.starling.embedded.pair.Member.Mark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Carries decisions out. Each may be cut off at any point, by a crash or a failure, and be done
 * again: what must hold is written before what relies on it.
 */
record Steps(Path folder, Member a, Member b) {
  private static final int LIMIT_SECONDS = 5;
  private static final int CHECKPOINT_LIMIT_SECONDS = 60;
  private static final int PROMOTION_LIMIT_SECONDS = 20;
  private static final Duration CONFIRM_LIMIT = Duration.ofSeconds(3);
  private static final String NOBODY = "alter system set synchronous_standby_names = ''";
  private static final String RELOAD = "select pg_reload_conf()";

  /** Returns what is to be told beyond the decision itself; may be empty. */
  String take(Decision decision, Memory memory) throws SQLException {
    return switch (decision) {
      case Decision.Wait _ -> "";
      case Decision.Fence(String name, String _) -> fence(member(name));
      case Decision.Promote(String name, String why) -> promote(member(name), why, memory);
      case Decision.Start(String name, String _) -> start(member(name));
      case Decision.Copy(String name, String primary, String _) ->
          copy(member(name), member(primary));
      case Decision.Adopt(String primary, String _) -> {
        memory.withPrimary(primary).write(folder);
        yield "";
      }
      case Decision.StopWaiting(String primary, String _) -> {
        memory.withInSync(false).write(folder);
        member(primary).probe().execute(LIMIT_SECONDS, NOBODY, RELOAD);
        yield "commits are on one disk only";
      }
      case Decision.StartWaiting(String primary, String _) -> {
        String wait =
            "alter system set synchronous_standby_names = '%s'"
                .formatted(other(member(primary)).name());
        member(primary).probe().execute(LIMIT_SECONDS, wait, RELOAD);
        yield "";
      }
      case Decision.ConfirmSync(String primary, String _) -> confirm(member(primary), memory);
    };
  }

  Member member(String name) {
    if (a.name().equals(name)) {
      return a;
    }
    if (b.name().equals(name)) {
      return b;
    }
    throw new IllegalArgumentException("'" + name + "' is neither a nor b");
  }

  Member other(Member one) {
    return one.name().equals(a.name()) ? b : a;
  }

  private static String fence(Member past) {
    long pid = past.server().pid().orElse(0);
    past.put(Mark.FENCED);
    past.server().kill();
    past.server().bar();
    return pid == 0 ? "it did not run" : "killed process " + pid;
  }

  private String promote(Member next, String why, Memory memory) throws SQLException {
    memory.withPromoting(next.name()).write(folder);
    String fenced = fence(other(next));
    if (next.has(Mark.DOWN)) {
      throw new EmbeddedDatabaseException(next.name() + " was put down meanwhile");
    }
    next.remove(Mark.FENCED);
    next.server().launch();
    boolean writable =
        next.probe()
            .connected(
                PROMOTION_LIMIT_SECONDS + LIMIT_SECONDS,
                connection -> {
                  if (isTrue(connection, "select not pg_is_in_recovery()")) {
                    return true;
                  }
                  execute(connection, NOBODY);
                  // Not before it runs: one that is past the fork would refuse to start.
                  next.server().learnTimelinesOf(other(next).server());
                  return isTrue(
                      connection, "select pg_promote(true, " + PROMOTION_LIMIT_SECONDS + ")");
                });
    if (!writable) {
      throw new EmbeddedDatabaseException(next.name() + " is not promoted yet");
    }
    next.probe().execute(LIMIT_SECONDS, NOBODY, RELOAD);
    long timeline = next.server().timeline();
    String how =
        "%s %s promoted to timeline %d: %s".formatted(Instant.now(), next.name(), timeline, why);
    memory.promoted(next.name(), how).write(folder);
    return "timeline %d; %s: %s".formatted(timeline, other(next).name(), fenced);
  }

  private static String start(Member member) {
    member.server().launch();
    return "";
  }

  private static String copy(Member standby, Member primary) {
    long start = System.nanoTime();
    standby.put(Mark.FENCED);
    standby.server().kill();
    standby.server().copyFrom(primary.server(), standby.name());
    standby.remove(Mark.FENCED);
    standby.server().launch();
    return "copied in " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms";
  }

  /**
   * From when the server was told to wait until its checkpointer has heard of it, commits do not
   * wait. A new checkpoint is begun only after hearing; so once that is over, all that was not
   * waited for lies before the present end of the log.
   */
  private String confirm(Member primary, Memory memory) throws SQLException {
    primary.probe().execute(CHECKPOINT_LIMIT_SECONDS, "checkpoint");
    if (!(primary.probe().ask() instanceof Writable before)) {
      return "it does not answer";
    }
    long deadline = System.nanoTime() + CONFIRM_LIMIT.toNanos();
    do {
      if (primary.probe().ask() instanceof Writable now && holds(now, before.position())) {
        memory.withInSync(true).write(folder);
        return "every commit is on both disks";
      }
    } while (System.nanoTime() < deadline);
    return "not yet";
  }

  private static boolean holds(Writable now, long position) {
    Follower follower = now.follower();
    return now.waits() && follower != null && follower.sync() && follower.flushed() >= position;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean isTrue(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
