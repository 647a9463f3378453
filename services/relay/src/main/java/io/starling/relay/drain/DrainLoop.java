package io.starling.relay.drain;

import io.micrometer.core.instrument.Counter;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.journal.JournalException;
import io.starling.journal.Leadership;
import io.starling.journal.Position;
import io.starling.journal.ReadResult;
import io.starling.relay.shard.Shard;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one shard's events of one class into PostgreSQL, from the position that the database
 * itself holds, for as long as this node leads the shard. While the database is away it waits; when
 * it is back it goes on where the database stands, so that each event becomes one row; what matters
 * more goes first. Belongs to the relay's event loop.
 */
final class DrainLoop {
  private static final Logger LOG = LoggerFactory.getLogger(DrainLoop.class);

  /** Of all classes together, as journals of before have it. */
  static final String FORMER_CURSOR = "database";

  private static final int CHUNK_BYTES = 1 << 20;
  private static final long IDLE_MILLIS = 1_000;

  /**
   * The least time between two transactions that do not fill a chunk: a transaction costs
   * PostgreSQL as much as dozens of rows.
   */
  private static final long LEAST_GAP_MILLIS = 50;

  /** How often the database is told that there was nothing of this class. */
  private static final long NOTE_MILLIS = 10_000;

  private static final long UNTIL_NEWS = -1;
  private static final long YIELD_MILLIS = 20;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LAST_PAUSE_MILLIS = 1_000;

  private final Vertx vertx;
  private final Shard shard;
  private final EventClass eventClass;
  private final Parts parts;
  private final @Nullable DrainLoop before;

  private Lane lane;

  /** Where the database stands, as last told by itself; null if it must be asked. */
  private @Nullable Position cursor;

  /** Where the next event may be: what holds none is passed without a transaction. */
  private Position next = Position.START;

  private boolean passedOthers;
  private long notedAtMillis;
  private boolean running;
  private boolean stopped;
  private boolean behind;
  private boolean reachable = true;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private Lag lag = new Lag();

  /**
   * What all loops share.
   *
   * @param diskId of this node
   */
  record Parts(
      String diskId,
      EventStore store,
      ReportClient reports,
      Slots slots,
      InstantSource clock,
      Counter rows) {}

  /**
   * A loop that stands still.
   *
   * @param before goes first while there is much to do; null: this is the first
   */
  DrainLoop(
      Vertx vertx, Shard shard, EventClass eventClass, Parts parts, @Nullable DrainLoop before) {
    this.vertx = vertx;
    this.shard = shard;
    this.eventClass = eventClass;
    this.parts = parts;
    this.before = before;
    this.lane = new Lane("", shard.number(), eventClass);
  }

  private String cursorName() {
    return "database/" + eventClass.name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Keeps the journal from purging what no database has seen, also while none can be reached; the
   * first leader of a shard does so before it serves anybody.
   */
  Future<Void> pin() {
    var cursors = shard.log().cursors();
    return cursors.containsKey(cursorName())
        ? Future.succeededFuture()
        : shard
            .log()
            .commitCursor(cursorName(), cursors.getOrDefault(FORMER_CURSOR, shard.log().start()));
  }

  /** Starts if this node leads. */
  void start() {
    if (!running && !stopped && shard.log().leadership() instanceof Leadership.Leading) {
      running = true;
      behind = true;
      cursor = null;
      lag = new Lag();
      again(1);
    }
  }

  void stop() {
    stopped = true;
  }

  /** Age of the oldest event that is not yet a row, milliseconds; 0 if none waits. */
  long lagMillis() {
    return running ? lag.millis(System.nanoTime()) : 0;
  }

  /** Whether the last turn could talk to the database. */
  boolean isReachable() {
    return reachable;
  }

  /** Whether there is, or may be, much to do for this class or one that matters more. */
  private boolean goesFirst() {
    return running && reachable && (behind || (before != null && before.goesFirst()));
  }

  private void again(long afterMillis) {
    vertx.setTimer(afterMillis, fired -> run());
  }

  private void run() {
    if (stopped || !(shard.log().leadership() instanceof Leadership.Leading leading)) {
      running = false;
      reachable = true;
      return;
    }
    if (before != null && (before.goesFirst() || !parts.slots().take())) {
      again(YIELD_MILLIS);
      return;
    }
    turn(leading.term())
        .onComplete(
            _ -> {
              if (before != null) {
                parts.slots().give();
              }
            })
        .onSuccess(
            pause -> {
              reachable = true;
              pauseMillis = FIRST_PAUSE_MILLIS;
              if (pause == UNTIL_NEWS) {
                shard.commits().next(IDLE_MILLIS).onSuccess(_ -> again(1));
              } else {
                again(pause);
              }
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
    noteLag();
    again(ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1));
    pauseMillis = Math.min(2 * pauseMillis, LAST_PAUSE_MILLIS);
  }

  /** One batch, or a look whether there is one; completes with the pause until the next turn. */
  private Future<Long> turn(long term) {
    return position(term)
        .compose(
            from -> {
              noteLag();
              if (next.compareTo(shard.log().committedEnd()) >= 0) {
                return atEnd(from, term);
              }
              return shard.log().read(next, CHUNK_BYTES).compose(read -> take(from, read, term));
            });
  }

  /** The wait is outside of the turn, so that nobody's slot is held meanwhile. */
  private Future<Long> atEnd(Position from, long term) {
    behind = false;
    if (isNoteDue()) {
      return store(from, List.of(), next, term).map(LEAST_GAP_MILLIS);
    }
    return Future.succeededFuture(UNTIL_NEWS);
  }

  private Future<Position> position(long term) {
    if (cursor != null) {
      return Future.succeededFuture(cursor);
    }
    return shard
        .identity(parts.diskId())
        .compose(
            journal -> {
              lane = new Lane(journal, shard.number(), eventClass);
              return parts.store().cursor(lane, shard.log().start(), term);
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
              passedOthers = false;
              notedAtMillis = parts.clock().millis();
            });
  }

  private Future<Position> pin(Position at) {
    var _ = shard.log().commitCursor(cursorName(), at);
    return Future.succeededFuture(at);
  }

  private Future<Long> take(Position from, ReadResult read, long term) {
    List<Event> events = new ArrayList<>();
    int bytes = 0;
    for (var record : read.records()) {
      collect(record.payload(), events);
      bytes += record.payload().length();
    }
    behind = bytes > CHUNK_BYTES / 2;
    long pause = behind ? 1 : LEAST_GAP_MILLIS;
    if (events.isEmpty() && !isNoteDue()) {
      next = read.next();
      passedOthers |= bytes > 0;
      return Future.succeededFuture(pause);
    }
    if (!events.isEmpty()) {
      lag.found(parts.clock().millis() - events.getFirst().publishedAtMillis(), System.nanoTime());
    }
    return store(from, events, read.next(), term).map(pause);
  }

  private void collect(Buffer payload, List<Event> events) {
    for (var batch = EventBatch.of(payload); batch.next(); ) {
      if (batch.eventClass() == eventClass) {
        events.add(batch.event());
      }
    }
  }

  private boolean isNoteDue() {
    return passedOthers && parts.clock().millis() - notedAtMillis >= NOTE_MILLIS;
  }

  private Future<Void> store(Position from, List<Event> events, Position to, long term) {
    return parts
        .reports()
        .bring(events)
        .compose(_ -> parts.store().store(lane, events, from, to, term))
        .compose(
            moved -> {
              if (!moved) {
                return Future.failedFuture("another node drains this shard");
              }
              parts.rows().increment(events.size());
              cursor = to;
              next = to;
              noteLag();
              passedOthers = false;
              notedAtMillis = parts.clock().millis();
              // Only a hint for the journal's retention, written once a second: nobody waits for
              // it.
              var _ = shard.log().commitCursor(cursorName(), to);
              return Future.succeededFuture();
            });
  }

  private void noteLag() {
    lag.note(next, shard.log().committedEnd(), System.nanoTime());
  }
}
