package io.starling.journal;

import io.starling.journal.JournalException.Kind;
import io.starling.journal.membership.Entrance;
import io.starling.journal.membership.HandOver;
import io.starling.journal.membership.Leaders;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a journal does every second and every half minute. Everything here blocks. */
final class Rounds {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final long RELEASE_SECONDS = 1;
  private static final Duration HAND_OVER = Duration.ofSeconds(5);

  /** Looks, one a second, during which it may stay unclear why Ratis gave up on a log. */
  private static final int MAX_DOUBTS = 10;

  private final RaftHost raft;
  private final DiskGuard disk;
  private final Fatality fatality;
  private final Leaders leaders;
  private final List<JournalLog> logs;
  private volatile boolean draining;
  private volatile boolean closing;

  // of the round, and there is one at a time
  private final Set<String> left = new HashSet<>();
  private final Map<String, Integer> doubts = new HashMap<>();

  Rounds(RaftHost raft, DiskGuard disk, Fatality fatality, Leaders leaders, List<JournalLog> logs) {
    this.raft = raft;
    this.disk = disk;
    this.fatality = fatality;
    this.leaders = leaders;
    this.logs = logs;
  }

  /** Every second. */
  synchronized void look() throws IOException, InterruptedException {
    disk.turn();
    for (JournalLog log : logs) {
      if (left.contains(log.name()) || closing) {
        continue;
      }
      if (log.tick()) {
        raft.noteMembership(log.name());
      } else {
        stopped(log);
      }
    }
    if (draining && logs.stream().anyMatch(Rounds::leads)) {
      report(leaders.handOver(HAND_OVER));
    }
  }

  /** Ratis closes a log whose members do not include this disk any more. */
  private void stopped(JournalLog log) throws IOException, InterruptedException {
    if (closing) {
      return;
    }
    if (raft.left(log.name())) {
      LOG.warn("this disk, {}, was taken out of {}", raft.self(), log.name());
      left.add(log.name());
      log.close();
      log.closed();
      if (left.size() == logs.size()) {
        fatality.report(
            JournalException.of(
                Kind.UNUSABLE,
                "disk " + raft.self() + " was taken out of all its logs. " + Entrance.setAside()));
      }
      return;
    }
    int doubt = doubts.getOrDefault(log.name(), 0) + 1;
    doubts.put(log.name(), doubt);
    if (doubt > allowed()) {
      fatality.report(new IllegalStateException("Ratis gave up on log " + log.name()));
    }
  }

  /** Beside others the reason may be that it was taken out, which it learns by asking. */
  private int allowed() {
    return raft.several() ? MAX_DOUBTS : 0;
  }

  /** Every 30 s. */
  void turn() throws IOException, InterruptedException, ExecutionException {
    look();
    for (JournalLog log : logs) {
      if (!left.contains(log.name()) && raft.isMember(log.name())) {
        release(log);
      }
    }
    if (!draining) {
      var _ = leaders.turn();
    }
  }

  private static void release(JournalLog log) throws InterruptedException, ExecutionException {
    var released = log.release();
    try {
      long _ = released.get(RELEASE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // A long state is being written: the disk is looked at meanwhile.
      var _ =
          released.whenComplete(
              (_, failure) -> {
                if (failure != null) {
                  LOG.warn("{}: nothing was let go", log.name(), failure);
                }
              });
    }
  }

  /** Leads nothing from now on. */
  HandOver drain(Duration limit) throws InterruptedException {
    draining = true;
    HandOver result = leaders.handOver(limit);
    report(result);
    return result;
  }

  private static void report(HandOver result) {
    result.kept().forEach(kept -> LOG.warn("{} is not handed over: {}", kept.log(), kept.why()));
  }

  private static boolean leads(JournalLog log) {
    return log.leadership() instanceof Leadership.Leading;
  }

  /** Nothing that stops from now on is a surprise. */
  void closing() {
    closing = true;
  }
}
