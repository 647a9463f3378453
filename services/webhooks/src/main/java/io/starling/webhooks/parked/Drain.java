package io.starling.webhooks.parked;

import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.webhooks.delivery.Backlog;
import io.starling.webhooks.delivery.Mark;
import java.util.HashSet;
import java.util.Set;

/** What of one integration is in memory out of the database. Belongs to its drainer. */
final class Drain {
  final IntegrationId integration;
  final Backlog backlog;
  final boolean ordered;

  /** Where order is not wanted: the rows that are in memory. */
  final Set<String> held = new HashSet<>();

  /** Where order is wanted: earlier rows are in memory, or will be read again. */
  Mark readAt = Mark.at(JournalPosition.START);

  long restartedAtMillis;
  long servedAtMillis;
  long emptyAtMillis;
  long idleUntilMillis;
  boolean busy;

  Drain(IntegrationId integration, Backlog backlog, boolean ordered) {
    this.integration = integration;
    this.backlog = backlog;
    this.ordered = ordered;
  }

  void owe() {
    emptyAtMillis = 0;
    idleUntilMillis = 0;
  }

  boolean isIdle(long nowMillis) {
    return busy || (nowMillis < idleUntilMillis && backlog.size() == 0);
  }
}
