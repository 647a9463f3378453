package io.starling.relay.shard;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.RelayHint;
import io.starling.journal.JournalLog;
import io.starling.journal.Leadership;
import java.util.ArrayList;
import java.util.List;

/** Tells the region which logs this node leads. Belongs to the relay's event loop. */
public final class LeaderHints {
  private final Bus bus;
  private final String relay;
  private final List<JournalLog> logs;

  /** Hints about these logs. */
  public LeaderHints(Bus bus, String relay, List<JournalLog> logs) {
    this.bus = bus;
    this.relay = relay;
    this.logs = List.copyOf(logs);
  }

  /** Tells how it is now; to be called with each change, and every second. */
  public void tell() {
    var leads = new ArrayList<RelayHint.Lead>();
    for (var log : logs) {
      if (log.leadership() instanceof Leadership.Leading(long term)) {
        leads.add(new RelayHint.Lead(log.name(), term));
      }
    }
    bus.publish(new RelayHint.Leading(relay, leads));
  }
}
