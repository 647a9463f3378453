package io.starling.accounts.feed;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.Change;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.FeedPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries changes from the database into the directory log. Where it stands is known by the log
 * alone, so several loops at once, or one that died in the middle, do no harm. Belongs to one event
 * loop.
 */
public final class FeedLoop {
  private static final Logger LOG = LoggerFactory.getLogger(FeedLoop.class);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(2);
  private static final String NOT_LED = "no leader of the directory log is known";
  private static final long IDLE_MILLIS = 500;
  private static final long FIRST_LOOK_MILLIS = 2;
  private static final Duration KEEPING_HOUSE_EVERY = Duration.ofHours(1);

  private final Vertx vertx;
  private final PrimaryPool pool;
  private final Bus bus;
  private final ShardLeaders leaders;
  private final ChangeLogStore store = new ChangeLogStore();

  /**
   * Until the next look; short after a hint, because the transaction that caused it may still have
   * older ones beside it.
   */
  private long lookAfterMillis = IDLE_MILLIS;

  private long timer;
  private boolean turning;
  private boolean stopped;
  private boolean reachable = true;

  /** A loop between a database and the directory log. */
  public FeedLoop(Vertx vertx, PrimaryPool pool, Bus bus, ShardLeaders leaders) {
    this.vertx = vertx;
    this.pool = pool;
    this.bus = bus;
    this.leaders = leaders;
  }

  /** Starts looking. */
  public void start() {
    vertx.setPeriodic(KEEPING_HOUSE_EVERY.toMillis(), tick -> keepHouse());
    schedule(1);
  }

  /** Stops after the turn at hand. */
  public void stop() {
    stopped = true;
  }

  /** Looks now, and soon again while there is nothing yet. */
  public void wake() {
    lookAfterMillis = FIRST_LOOK_MILLIS;
    if (!turning) {
      vertx.cancelTimer(timer);
      run();
    }
  }

  /** Whether the last turn could talk to both sides. */
  public boolean isReachable() {
    return reachable;
  }

  private void schedule(long afterMillis) {
    if (!stopped) {
      timer = vertx.setTimer(afterMillis, fired -> run());
    }
  }

  private void run() {
    if (stopped) {
      return;
    }
    turning = true;
    turn()
        .onComplete(done -> turning = false)
        .onSuccess(
            page -> {
              reachable = true;
              if (page.isFull()) {
                schedule(1);
                return;
              }
              lookAfterMillis =
                  page.changes().isEmpty()
                      ? Math.min(2 * lookAfterMillis, IDLE_MILLIS)
                      : IDLE_MILLIS;
              schedule(lookAfterMillis);
            })
        .onFailure(
            cause -> {
              if (reachable) {
                LOG.warn("Configuration changes wait for now: {}", cause.getMessage());
              }
              reachable = false;
              schedule(ThreadLocalRandom.current().nextLong(IDLE_MILLIS / 2, IDLE_MILLIS));
            });
  }

  /** Carries one page. */
  Future<ChangeLogStore.Page> turn() {
    return directoryAt()
        .compose(
            at ->
                pool.withConnection(connection -> store.read(connection, at))
                    .compose(page -> append(at, page)));
  }

  private Future<ChangeLogStore.Page> append(FeedPosition from, ChangeLogStore.Page page) {
    // Behind a full page the feed stands inside of a transaction: an empty one tells its end.
    if (page.changes().isEmpty() && from.sequence() == 0) {
      return Future.succeededFuture(page);
    }
    return ask(from, page.to(), page.changes()).map(page);
  }

  private Future<FeedPosition> directoryAt() {
    return ask(FeedPosition.START, FeedPosition.START, List.of());
  }

  private Future<FeedPosition> ask(FeedPosition from, FeedPosition to, List<Change> changes) {
    var leader = leaders.findDirectory();
    if (leader.isEmpty()) {
      return Future.failedFuture(NOT_LED);
    }
    return bus.ask(new RelayRequest.AppendChanges(leader.get(), from, to, changes), ASK_LIMIT)
        .compose(
            reply ->
                switch (reply) {
                  case RelayReply.DirectoryAt(var at) -> Future.succeededFuture(at);
                  case RelayReply.NotLeader _ -> Future.failedFuture(NOT_LED);
                });
  }

  private void keepHouse() {
    var _ =
        bus.ask(new DirectoryRequest.FeedAt(), ASK_LIMIT)
            .map(DirectoryReply.Feed::at)
            .compose(at -> pool.withConnection(connection -> store.forget(connection, at)))
            .onFailure(
                cause -> LOG.warn("Old changes could not be deleted: {}", cause.getMessage()));
  }
}
