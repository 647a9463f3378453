package io.starling.webhooks.delivery;

import io.starling.webhooks.match.Terms;
import java.util.ArrayDeque;
import java.util.Optional;

/** An integration as a receiver, over all shards of this node. */
final class Endpoint {
  final Circuit circuit;
  private final TokenBucket rate = new TokenBucket();
  private final ArrayDeque<Backlog> waiting = new ArrayDeque<>();
  private int concurrency = Integer.MAX_VALUE;
  private int inFlight;

  /** Backlogs that are owed to it. */
  int users;

  Endpoint(int most) {
    circuit = new Circuit(most);
  }

  /**
   * Takes over what its integration wants now.
   *
   * @param part of the region's shards that this node follows
   */
  void agree(Terms terms, double part, long nowMillis) {
    rate.allow(terms.rate() * part, nowMillis);
    concurrency = Math.max(1, (int) Math.floor(terms.concurrency() * part));
  }

  /**
   * Tells whether one more request may go out.
   *
   * @param share how many it may have at once beside the others
   */
  boolean admits(long nowMillis, int share) {
    int most = Math.min(Math.min(circuit.allowedAt(nowMillis), share), concurrency);
    return inFlight < most && rate.hasOne(nowMillis);
  }

  void started() {
    inFlight++;
    rate.take();
  }

  void ended() {
    inFlight--;
  }

  /**
   * Keeps a backlog that this endpoint has no place for, until {@link #next} or time brings it
   * back.
   */
  void keep(Backlog backlog) {
    if (!backlog.kept) {
      backlog.kept = true;
      waiting.add(backlog);
    }
  }

  /** The one that has waited longest. */
  Optional<Backlog> next() {
    var next = Optional.ofNullable(waiting.poll());
    next.ifPresent(backlog -> backlog.kept = false);
    return next;
  }

  /** Forgets one that waits. */
  void forget(Backlog backlog) {
    if (backlog.kept) {
      backlog.kept = false;
      var _ = waiting.remove(backlog);
    }
  }
}
