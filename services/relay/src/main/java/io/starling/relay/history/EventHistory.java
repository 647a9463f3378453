package io.starling.relay.history;

import io.starling.contract.EventBatch;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.EventsReply;
import io.starling.contract.HistoryRequest;
import io.starling.postgres.PrimaryPool;
import io.starling.relay.history.EventHistoryStore.Found;
import io.starling.relay.history.EventHistoryStore.Stretch;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of the events that are kept. A page is put together out of stretches of some days, so that
 * no question opens the partitions of a year; one that has taken its time answers what it has, and
 * where to go on. Belongs to the relay's event loop.
 */
final class EventHistory {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  /** Days that are looked at in one stretch. */
  private static final long STRETCH_MILLIS = 8 * DAY_MILLIS;

  /** Nothing older is kept, see the relay's retention. */
  static final long MAX_AGE_MILLIS = 400 * DAY_MILLIS;

  /** After this much of a page no further stretch is begun; whoever asks waits a second. */
  private static final long ENOUGH_MILLIS = 400;

  /** Beyond this no further event is in an answer. */
  private static final int MAX_BYTES = 1 << 20;

  private static final Duration LIMIT = Duration.ofMillis(900);

  /** The drain and the configuration need connections, too. */
  private static final int MAX_UNDER_WAY = 4;

  private final EventHistoryStore store;
  private final InstantSource clock;
  private int underWay;

  EventHistory(PrimaryPool database, InstantSource clock) {
    this.store = new EventHistoryStore(database);
    this.clock = clock;
  }

  /** A page, or that there is no such place; fails if the database cannot be asked. */
  Future<EventsReply> page(HistoryRequest.Events asked) {
    long now = clock.millis();
    long start = Math.max(asked.startMillis(), now - MAX_AGE_MILLIS);
    long end = Math.min(asked.endMillis(), now + DAY_MILLIS);
    var after =
        asked.after() == null
            ? Optional.of(EventPlace.before(asked.newestFirst() ? end : start))
            : EventPlace.parse(asked.after());
    if (after.isEmpty()) {
      return Future.succeededFuture(new HistoryReply.PlaceUnknown());
    }
    if (start >= end) {
      return Future.succeededFuture(new HistoryReply.EventsFound(Buffer.buffer(), null));
    }
    if (underWay == MAX_UNDER_WAY) {
      return Future.succeededFuture(new HistoryReply.DatabaseDown(1));
    }
    underWay++;
    return new Page(asked, start, end, now).next(after.get()).onComplete(_ -> underWay--);
  }

  /** One page while it is put together. */
  private final class Page {
    private final HistoryRequest.Events asked;
    private final long start;
    private final long end;
    private final long beganAtMillis;
    private final int limit;
    private final Buffer events = Buffer.buffer();
    private int count;

    Page(HistoryRequest.Events asked, long start, long end, long beganAtMillis) {
      this.asked = asked;
      this.start = start;
      this.end = end;
      this.beganAtMillis = beganAtMillis;
      this.limit = Math.clamp(asked.limit(), 1, HistoryRequest.Events.MAX_LIMIT);
    }

    Future<EventsReply> next(EventPlace after) {
      boolean down = asked.newestFirst();
      long at = Math.clamp(after.atMillis(), start, end);
      long from = down ? Math.max(start, at - STRETCH_MILLIS) : at;
      // The place itself is at its time: others of that millisecond may be behind it.
      long to = Math.min(end, down ? at + 1 : at + STRETCH_MILLIS);
      boolean last = down ? from == start : to == end;
      var stretch = new Stretch(from, to, after, limit - count + 1, MAX_BYTES - events.length());
      return store
          .find(asked, stretch, LIMIT.minusMillis(clock.millis() - beganAtMillis))
          .compose(found -> taken(found, last ? null : EventPlace.before(down ? from : to)));
    }

    private Future<EventsReply> taken(List<Found> found, @Nullable EventPlace edge) {
      EventPlace before = null;
      for (var each : found) {
        if (count == limit || (each.event() == null && !each.isLast())) {
          return done(before);
        }
        if (each.event() != null) {
          EventBatch.write(events, each.event());
          count++;
        }
        before = each.place();
        if (each.isLast()) {
          return done(before);
        }
      }
      return edge == null ? done(null) : goOn(edge);
    }

    private Future<EventsReply> goOn(EventPlace edge) {
      boolean enough =
          count == limit
              || events.length() >= MAX_BYTES
              || clock.millis() - beganAtMillis > ENOUGH_MILLIS;
      // What was found already is told, whatever becomes of the rest.
      return enough ? done(edge) : next(edge).recover(cause -> done(edge));
    }

    private Future<EventsReply> done(@Nullable EventPlace next) {
      return Future.succeededFuture(
          new HistoryReply.EventsFound(events, next == null ? null : next.toString()));
    }
  }
}
