package io.starling.webhooks.shard;

import io.starling.contract.Event;
import io.starling.contract.RelayReply;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Matcher;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one shard for all integrations and offers each event to those that it is for. The next page
 * is asked for before the one at hand is worked through. Belongs to one event loop.
 */
final class MainReader {
  private static final Logger LOG = LoggerFactory.getLogger(MainReader.class);
  private static final int PAGE_BYTES = 64 << 10;
  private static final long WAIT_MILLIS = 1_000;
  private static final long ROOM_MILLIS = 250;

  /** After so long, what came in on the network gets its turn; a timer lets it, a task does not. */
  private static final long SLICE_NANOS = 10_000_000;

  private static final long BREATH_MILLIS = 1;

  private final ShardClient client;
  private final Matcher matcher;
  private final Lanes lanes;
  private final Dispatcher dispatcher;
  private final InstantSource clock;
  private Mark readAt;
  private @Nullable Future<RelayReply.ReadReply> ahead;
  private long lastPublishedMillis;

  private @Nullable Paused paused;

  /**
   * A page that was not worked through.
   *
   * @param sameEvent whether the event at hand is next, because there was no room for it
   */
  private record Paused(Page page, boolean sameEvent) {}

  MainReader(
      ShardClient client,
      Matcher matcher,
      Lanes lanes,
      Dispatcher dispatcher,
      InstantSource clock,
      Mark start) {
    this.client = client;
    this.matcher = matcher;
    this.lanes = lanes;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.readAt = start;
  }

  /** Everything before this was offered. */
  Mark readAt() {
    return readAt;
  }

  /** How far behind reading is, in milliseconds; 0 if everything was read. */
  long behindMillis() {
    return lastPublishedMillis == 0 ? 0 : Math.max(0, clock.millis() - lastPublishedMillis);
  }

  /** Forgets what was asked for: the answer may be of somebody who leads no more. */
  void disconnected() {
    ahead = null;
  }

  /** One page; completes with the pause until the next turn. */
  Future<Long> turn() {
    if (paused != null) {
      return work(paused.page(), paused.sameEvent());
    }
    var reading = ahead == null ? client.read(readAt.position(), PAGE_BYTES, WAIT_MILLIS) : ahead;
    ahead = null;
    return reading.compose(
        reply ->
            switch (reply) {
              case RelayReply.Records records -> work(records);
              case RelayReply.Purged(var first) -> {
                LOG.error("Events up to {} are gone before they were read", first);
                readAt = Mark.at(first);
                yield Future.succeededFuture(0L);
              }
              case RelayReply.NotLeader _ -> Future.failedFuture("the leader has changed");
            });
  }

  private Future<Long> work(RelayReply.Records records) {
    if (lanes.isClosed()) {
      return Future.succeededFuture(0L);
    }
    var page = new Page(records);
    if (page.isEmpty()) {
      lastPublishedMillis = 0;
      readAt = page.end();
      return Future.succeededFuture(0L);
    }
    ahead = client.read(page.end().position(), PAGE_BYTES, WAIT_MILLIS);
    return work(page, false);
  }

  private Future<Long> work(Page page, boolean again) {
    long until = System.nanoTime() + SLICE_NANOS;
    boolean sameEvent = again;
    while (sameEvent || page.next()) {
      sameEvent = false;
      if (!offer(page)) {
        paused = new Paused(page, true);
        readAt = page.mark();
        return dispatcher.room().timeout(ROOM_MILLIS, TimeUnit.MILLISECONDS).map(0L).otherwise(0L);
      }
      if (System.nanoTime() > until) {
        paused = new Paused(page, false);
        readAt = page.mark().after();
        return Future.succeededFuture(BREATH_MILLIS);
      }
    }
    paused = null;
    readAt = page.end();
    return Future.succeededFuture(0L);
  }

  /** False if there is no room for it now: the same event is to be offered again. */
  private boolean offer(Page page) {
    if (page.isOfCloud() || !matcher.hasAny(page.account())) {
      return true;
    }
    var event = page.event();
    var mark = page.mark();
    lastPublishedMillis = event.publishedAtMillis();
    boolean room = true;
    for (var hook : matcher.match(event)) {
      var lane = lanes.of(hook, mark);
      // One that does not keep up reads by itself; one that was offered it already has it.
      if (lane.wants(mark) && lanes.waits(hook)) {
        lanes.unfeed(lane, mark);
      } else if (lane.wants(mark)) {
        room &= offer(lane, event, mark);
      }
    }
    return room;
  }

  private boolean offer(Lane lane, Event event, Mark mark) {
    return switch (dispatcher.offer(lane.backlog, event, mark)) {
      case TAKEN -> {
        lane.readAt = mark.after();
        yield true;
      }
      case FULL -> {
        lanes.unfeed(lane, mark);
        yield true;
      }
      case BUSY -> false;
    };
  }
}
