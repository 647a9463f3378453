package io.starling.webhooks.shard;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Which process follows a shard: the shard's leader tells one of those who ask, for some seconds.
 * Good enough to keep two processes from both delivering; nothing depends on it being exact.
 * Belongs to one event loop.
 */
final class ShardLease {
  private static final String CONSUMER = "webhooks";
  private static final long HELD_MILLIS = 5_000;

  /** Less than that, because clocks run at different speeds and answers take their time. */
  private static final long SURE_MILLIS = 3_500;

  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Bus bus;
  private final ShardLeaders leaders;
  private final InstantSource clock;
  private final int shard;
  private final String holder;
  private long renewedAtMillis = Long.MIN_VALUE / 2;

  /** The lease of one shard for one holder, whose name nobody else has. */
  ShardLease(Bus bus, ShardLeaders leaders, InstantSource clock, int shard, String holder) {
    this.bus = bus;
    this.leaders = leaders;
    this.clock = clock;
    this.shard = shard;
    this.holder = holder;
  }

  /** Tells whether nobody else can hold it now. */
  boolean isHeld() {
    return clock.millis() - renewedAtMillis < SURE_MILLIS;
  }

  /** Takes or renews it; completes with whether it is held. */
  Future<Boolean> hold() {
    long now = clock.millis();
    return ask(HELD_MILLIS)
        .map(
            reply ->
                switch (reply) {
                  case RelayReply.Leased(boolean held) -> {
                    renewedAtMillis = held ? now : Long.MIN_VALUE / 2;
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
    renewedAtMillis = Long.MIN_VALUE / 2;
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
