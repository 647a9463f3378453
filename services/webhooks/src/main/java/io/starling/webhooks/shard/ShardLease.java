package io.starling.webhooks.shard;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Which process follows a shard: the shard's leader tells one of those who ask, for some seconds.
 * Good enough to keep two processes from both delivering; nothing depends on it being exact.
 * Belongs to one event loop.
 */
final class ShardLease {
  private static final String CONSUMER = "webhooks";

  /** So long webhooks of a shard wait at most when the process that followed it is frozen. */
  private static final long HELD_MILLIS = 3_500;

  /** Less than that, because clocks run at different speeds and answers take their time. */
  private static final long SURE_NANOS = 2_500_000_000L;

  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Bus bus;
  private final ShardLeaders leaders;
  private final LongSupplier nanoTime;
  private final int shard;
  private final String holder;
  private boolean renewed;
  private long renewedAtNanos;

  /**
   * The lease of one shard for one holder, whose name nobody else has.
   *
   * @param nanoTime what {@link System#nanoTime} tells: a clock that is set must not end it, nor
   *     make it last
   */
  ShardLease(Bus bus, ShardLeaders leaders, LongSupplier nanoTime, int shard, String holder) {
    this.bus = bus;
    this.leaders = leaders;
    this.nanoTime = nanoTime;
    this.shard = shard;
    this.holder = holder;
  }

  /** Tells whether nobody else can hold it now. */
  boolean isHeld() {
    return renewed && nanoTime.getAsLong() - renewedAtNanos < SURE_NANOS;
  }

  /** Takes or renews it; completes with whether it is held. */
  Future<Boolean> hold() {
    long now = nanoTime.getAsLong();
    return ask(HELD_MILLIS)
        .map(
            reply ->
                switch (reply) {
                  case RelayReply.Leased(boolean held) -> {
                    renewed = held;
                    renewedAtNanos = now;
                    yield held;
                  }
                  // There will be another leader, who asks nobody: what is held goes on meanwhile.
                  case RelayReply.NotLeader _ -> isHeld();
                })
        .otherwise(_ -> isHeld());
  }

  /** Lets another take it at once. */
  Future<Void> release() {
    var released = isHeld() ? ask(0).<Void>mapEmpty() : Future.<Void>succeededFuture();
    renewed = false;
    return released;
  }

  private Future<RelayReply.LeaseReply> ask(long millis) {
    var leader = leaders.find(shard);
    return leader.isEmpty()
        ? Future.succeededFuture(new RelayReply.NotLeader(null))
        : bus.ask(
            new RelayRequest.Lease(leader.get(), shard, CONSUMER, holder, isHeld(), millis), LIMIT);
  }
}
