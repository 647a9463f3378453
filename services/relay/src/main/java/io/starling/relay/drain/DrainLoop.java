package io.starling.relay.drain;

import io.micrometer.core.instrument.Counter;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.journal.JournalException;
import io.starling.journal.Leadership;
import io.starling.journal.Position;
import io.starling.journal.ReadResult;
import io.starling.relay.shard.Shard;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one shard's events into PostgreSQL, from the position that the database itself holds, for
 * as long as this node leads the shard. While the database is away it waits; when it is back it
 * goes on where the database stands, so that each event becomes one row. Belongs to the relay's
 * event loop.
 */
public final class DrainLoop {
  private static final Logger LOG = LoggerFactory.getLogger(DrainLoop.class);
  private static final String CURSOR = "database";
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long IDLE_MILLIS = 1_000;

  /**
   * The least time between two transactions that do not fill a chunk: a transaction costs
   * PostgreSQL as much as dozens of rows.
   */
  private static final long LEAST_GAP_MILLIS = 50;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LAST_PAUSE_MILLIS = 1_000;

  private final Vertx vertx;
  private final Shard shard;
  private final String diskId;
  private final EventStore store;
  private final InstantSource clock;
  private final Counter rows;

  /** Where the database stands, as last told by itself; null if it must be asked. */
  private @Nullable Position cursor;

  /** Where the next event may be: entries without any are passed without telling the database. */
  private Position next = Position.START;

  private String journal = "";

  private boolean running;
  private boolean stopped;
  private boolean reachable = true;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private long oldestWaitingMillis;

  DrainLoop(
      Vertx vertx,
      Shard shard,
      String diskId,
      EventStore store,
      InstantSource clock,
      Counter rows) {
    this.vertx = vertx;
    this.shard = shard;
    this.diskId = diskId;
    this.store = store;
    this.clock = clock;
    this.rows = rows;
  }

  /**
   * Keeps the journal from purging what no database has seen, also while none can be reached; the
   * first leader of a shard does so before it serves anybody.
   */
  Future<Void> pin() {
    return shard.log().cursors().containsKey(CURSOR)
        ? Future.succeededFuture()
        : shard.log().commitCursor(CURSOR, shard.log().start());
  }

  /** Starts if this node leads. */
  void start() {
    if (!running && !stopped && shard.log().leadership() instanceof Leadership.Leading) {
      running = true;
      cursor = null;
      again(1);
    }
  }

  void stop() {
    stopped = true;
  }

  /** Age of the oldest event that is not yet a row, milliseconds; 0 if none waits. */
  long lagMillis() {
    return oldestWaitingMillis == 0 ? 0 : Math.max(0, clock.millis() - oldestWaitingMillis);
  }

  /** Whether the last turn could talk to the database. */
  boolean isReachable() {
    return reachable;
  }

  private void again(long afterMillis) {
    vertx.setTimer(afterMillis, fired -> run());
  }

  private void run() {
    if (stopped || !(shard.log().leadership() instanceof Leadership.Leading leading)) {
      running = false;
      reachable = true;
      oldestWaitingMillis = 0;
      return;
    }
    turn(leading.term())
        .onSuccess(
            full -> {
              reachable = true;
              pauseMillis = FIRST_PAUSE_MILLIS;
              again(full ? 1 : LEAST_GAP_MILLIS);
            })
        .onFailure(this::failed);
  }

  private void failed(Throwable cause) {
    cursor = null;
    if (cause instanceof JournalException journal
        && journal.kind() == JournalException.Kind.PURGED) {
      LOG.error(
          "The database stands before the start of shard {}: {}. Restore a newer backup.",
          shard.number(),
          cause.getMessage());
    } else if (reachable) {
      LOG.warn(
          "Shard {} cannot be drained into the database for now: {}",
          shard.number(),
          cause.getMessage());
    }
    reachable = false;
    noteOldest();
    again(ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1));
    pauseMillis = Math.min(2 * pauseMillis, LAST_PAUSE_MILLIS);
  }

  /** One batch, or a wait for there to be one; tells whether there is probably more. */
  Future<Boolean> turn(long term) {
    return position(term)
        .compose(
            from -> {
              if (next.compareTo(shard.log().committedEnd()) >= 0) {
                oldestWaitingMillis = 0;
                return shard.commits().next(IDLE_MILLIS).map(true);
              }
              return shard.log().read(next, CHUNK_BYTES).compose(read -> store(from, read, term));
            });
  }

  private Future<Position> position(long term) {
    if (cursor != null) {
      return Future.succeededFuture(cursor);
    }
    return shard
        .identity(diskId)
        .compose(
            id -> {
              journal = id;
              return store.cursor(id, shard.number(), shard.log().start(), term);
            })
        .compose(
            at ->
                at.compareTo(shard.log().committedEnd()) > 0
                    ? Future.failedFuture("the database is ahead of the journal: " + at)
                    : pin(at))
        .onSuccess(
            at -> {
              cursor = at;
              next = at;
            });
  }

  private Future<Position> pin(Position at) {
    var _ = shard.log().commitCursor(CURSOR, at);
    return Future.succeededFuture(at);
  }

  private Future<Boolean> store(Position from, ReadResult read, long term) {
    if (read.records().isEmpty()) {
      next = read.next();
      return Future.succeededFuture(true);
    }
    List<Event> events = new ArrayList<>();
    int bytes = 0;
    for (var record : read.records()) {
      events.addAll(EventBatch.decode(record.payload()));
      bytes += record.payload().length();
    }
    boolean full = bytes > CHUNK_BYTES / 2;
    if (!events.isEmpty()) {
      oldestWaitingMillis = events.getFirst().publishedAtMillis();
    }
    return store
        .store(journal, shard.number(), events, from, read.next(), term)
        .compose(
            moved -> {
              if (!moved) {
                return Future.failedFuture("another node drains this shard");
              }
              rows.increment(events.size());
              cursor = read.next();
              next = cursor;
              // Only a hint for the journal's retention, written once a second: nobody waits for
              // it.
              var _ = shard.log().commitCursor(CURSOR, read.next());
              return Future.succeededFuture(full);
            });
  }

  private void noteOldest() {
    if (oldestWaitingMillis == 0) {
      oldestWaitingMillis = clock.millis();
    }
  }
}
