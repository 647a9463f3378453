package io.starling.relay.shard;

import io.starling.bootstrap.health.Health;
import io.starling.journal.Journal;
import io.starling.journal.membership.LogMembers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the journal of this node is. A replica that was away is not up before it has caught up: the
 * next node that is restarted may be the one whose place it has to take. Belongs to the relay's
 * event loop; may be asked from any thread.
 */
public final class JournalHealth {
  /** A replica that follows closely is behind by an entry or two at any moment. */
  private static final long IN_STEP_ENTRIES = 10;

  private final Journal journal;
  private final List<Shard> shards;
  private final Map<String, Long> aims = new HashMap<>();
  private boolean asking;
  private volatile boolean inStep;
  private volatile long behind = -1;

  /**
   * Health over an open journal.
   *
   * @param alone whether this is its only replica
   */
  public JournalHealth(Journal journal, List<Shard> shards, boolean alone) {
    this.journal = journal;
    this.shards = List.copyOf(shards);
    this.inStep = alone;
  }

  /** Looks whether the replica has caught up, until it has once; to be called every second. */
  public void look() {
    if (inStep || asking) {
      return;
    }
    asking = true;
    var _ = journal.membership().members().onSuccess(this::compare).onComplete(_ -> asking = false);
  }

  private void compare(List<LogMembers> logs) {
    long most = 0;
    boolean all = logs.stream().anyMatch(log -> log.leader() != null);
    for (var log : logs) {
      var own = log.find(journal.diskId());
      if (own != null && log.leader() == null && isEmpty(log)) {
        // New in the configuration: nobody leads it before a majority has the software that knows
        // it, which is waiting for this node to be up.
        continue;
      }
      if (log.leader() == null || own == null || own.lag() < 0) {
        behind = -1;
        return;
      }
      long lag = own.leads() ? 0 : own.lag();
      long here = journal.log(log.log()).committedEnd().index();
      // What leaders know of others is a moment old: under load that is many entries. To have come
      // to where the leader was at the last look is enough.
      all &= lag <= IN_STEP_ENTRIES || here >= aims.getOrDefault(log.log(), Long.MAX_VALUE);
      aims.put(log.log(), here + lag);
      most = Math.max(most, lag);
    }
    behind = most;
    inStep = all;
  }

  private boolean isEmpty(LogMembers log) {
    return journal.log(log.log()).committedEnd().index() == 0;
  }

  /** For the health report. */
  public Health.Part part() {
    var figures = new HashMap<String, Number>();
    figures.put("disk_used_percent", Math.round(journal.disk().used() * 100));
    figures.put("shards", shards.size());
    figures.put("shards_led", shards.stream().filter(Shard::leads).count());
    if (journal.disk().stopped()) {
      return Health.Part.down("the disk is full: nothing is accepted").with(figures);
    }
    if (!shards.stream().allMatch(Shard::isLed)) {
      return Health.Part.degraded("not every shard has a leader").with(figures);
    }
    if (!inStep) {
      return Health.Part.degraded(
              behind < 0
                  ? "this replica's place is not known yet"
                  : "catching up: behind by " + behind + " entries")
          .with(figures);
    }
    return Health.Part.up("every shard has a leader").with(Map.copyOf(figures));
  }
}
