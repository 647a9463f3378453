package io.starling.relay.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.journal.JournalException;
import io.starling.journal.JournalLog;
import io.starling.journal.Leadership;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the wills whose time has come, while this node leads the log of sessions: for a client
 * that its gateway saw go, and for one whose gateway is gone itself, there is no other way. A will
 * is forgotten when it is in the journal of its shard; a new leader may publish it once more, with
 * the same id. Belongs to the relay's event loop.
 */
final class WillSender {
  private static final Logger LOG = LoggerFactory.getLogger(WillSender.class);
  private static final int MAX_AT_ONCE = 1_000;
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final SessionState state;
  private final JournalLog log;
  private final EventAppender appender;
  private final InstantSource clock;
  private final Counter published;
  private final Map<DueWill, Future<Void>> underWay = new HashMap<>();
  private long toldNanos = System.nanoTime() - PAUSE_NANOS;

  WillSender(
      SessionState state,
      JournalLog log,
      EventAppender appender,
      InstantSource clock,
      MeterRegistry meters) {
    this.state = state;
    this.log = log;
    this.appender = appender;
    this.clock = clock;
    this.published =
        Counter.builder("starling.relay.wills")
            .description("Wills published for clients that went without saying so")
            .register(meters);
  }

  /** Publishes what is due; what could not be published is tried again in the next turn. */
  void turn() {
    if (log.leadership() instanceof Leadership.Leading && underWay.size() < MAX_AT_ONCE) {
      for (var will : state.dueWills().due(clock.millis(), MAX_AT_ONCE)) {
        publish(will).onFailure(this::failed);
      }
    }
  }

  /** It is tried again in each turn: one line a minute says enough. */
  private void failed(Throwable cause) {
    long now = System.nanoTime();
    if (now - toldNanos > PAUSE_NANOS) {
      toldNanos = now;
      LOG.warn("A will could not be published yet: {}", cause.getMessage());
    }
  }

  /** Publishes what is due of a session; fails if that is not known in time. */
  Future<Void> publish(String key) {
    long now = clock.millis();
    return Future.all(
            state.dueWills().of(key).stream()
                .filter(will -> will.isDue(now))
                .map(this::publish)
                .toList())
        .mapEmpty();
  }

  private Future<Void> publish(DueWill will) {
    var known = underWay.get(will);
    if (known != null) {
      return known;
    }
    var event = event(will);
    Future<Void> done =
        kept(event)
            .compose(_ -> appender.append(will.will().shard(), event))
            .compose(outcome -> appended(event, outcome))
            .compose(_ -> forget(will));
    if (!done.isComplete()) {
      underWay.put(will, done);
      done.onComplete(_ -> underWay.remove(will));
    }
    return done;
  }

  private Event event(DueWill will) {
    var batch = EventBatch.of(will.will().event());
    if (!batch.next()) {
      throw new IllegalStateException("a will without an event");
    }
    return batch.event().publishedAt(clock.millis());
  }

  /** A topic that may not have more retained messages gets the will all the same. */
  private Future<Void> kept(Event event) {
    if (!event.manner().retain()) {
      return Future.succeededFuture();
    }
    return appender
        .retain(event)
        .compose(
            outcome ->
                outcome instanceof Outcome.Unavailable(var cause)
                    ? Future.failedFuture(cause)
                    : Future.succeededFuture());
  }

  private static Future<Void> appended(Event event, Outcome outcome) {
    return outcome instanceof Outcome.Committed committed && committed.holds(event.eventClass())
        ? Future.succeededFuture()
        : Future.failedFuture("its shard does not take it: " + outcome);
  }

  private Future<Void> forget(DueWill will) {
    published.increment();
    return log.append(RecordFormat.encode(new SessionRecord.WillSent(will.key(), will.epoch())))
        .<Void>mapEmpty()
        // Published once more by whoever leads then: the id is the same.
        .recover(
            cause ->
                cause instanceof JournalException
                    ? Future.succeededFuture()
                    : Future.failedFuture(cause));
  }
}
