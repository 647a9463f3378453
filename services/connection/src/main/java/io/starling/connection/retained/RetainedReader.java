package io.starling.connection.retained;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.RetainedReply;
import io.starling.contract.RetainedRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks the leader of the log of retained messages, whoever that is: a question that finds none, or
 * one that dies, is asked again within its time. Belongs to one event loop.
 */
public final class RetainedReader {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofSeconds(8);
  private static final long PAUSE_MILLIS = 100;
  private static final int PAGE_BYTES = 32 << 10;

  private final Vertx vertx;
  private final Bus bus;
  private final ShardLeaders leaders;

  /** For one gateway. */
  public RetainedReader(Vertx vertx, Bus bus, ShardLeaders leaders) {
    this.vertx = vertx;
    this.bus = bus;
    this.leaders = leaders;
  }

  /**
   * A page of what matches, behind a topic; fails if it cannot be had in time.
   *
   * @param after empty to begin
   */
  Future<RetainedReply.Found> find(AccountId account, String filter, String after) {
    return find(account, filter, after, System.nanoTime() + LIMIT.toNanos());
  }

  private Future<RetainedReply.Found> find(
      AccountId account, String filter, String after, long deadline) {
    return leaders
        .findRetained()
        .map(relay -> new RetainedRequest.Find(relay, account, filter, after, PAGE_BYTES))
        .map(request -> bus.ask(request, ASK_LIMIT))
        .orElseGet(() -> Future.succeededFuture(new RetainedReply.NotLeader()))
        .otherwise(new RetainedReply.NotLeader())
        .compose(
            reply ->
                reply instanceof RetainedReply.Found found
                    ? Future.succeededFuture(found)
                    : again(account, filter, after, deadline));
  }

  private Future<RetainedReply.Found> again(
      AccountId account, String filter, String after, long deadline) {
    long pause = ThreadLocalRandom.current().nextLong(PAUSE_MILLIS, 2 * PAUSE_MILLIS);
    return System.nanoTime() + pause * 1_000_000 - deadline > 0
        ? Future.failedFuture("nobody who leads the log of retained messages answers")
        : vertx.timer(pause).compose(_ -> find(account, filter, after, deadline));
  }
}
