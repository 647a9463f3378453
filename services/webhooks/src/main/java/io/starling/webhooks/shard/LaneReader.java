package io.starling.webhooks.shard;

import io.starling.contract.Event;
import io.starling.contract.RelayReply;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Dispatcher.Offer;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.parked.ShardParking;
import io.starling.webhooks.shard.Ways.Way;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one shard for each of the lanes that do not keep up, a few at a time, each for its own
 * integration only, until it has reached the reader of the whole shard. Belongs to one event loop.
 */
final class LaneReader {
  private static final Logger LOG = LoggerFactory.getLogger(LaneReader.class);

  /** How many lanes of a shard read at the same time. */
  static final int MOST_AT_ONCE = 8;

  private static final int PAGE_BYTES = 128 << 10;

  /** While an endpoint gets probes only, one event is all that is wanted. */
  private static final int PROBE_BYTES = 16 << 10;

  private static final long IDLE_MILLIS = 50;

  private final ShardClient client;
  private final Matcher matcher;
  private final Lanes lanes;
  private final Dispatcher dispatcher;
  private final ShardParking parking;
  private final Supplier<Mark> mainReadAt;
  private final AgainReader again;
  private long turn;

  LaneReader(
      ShardClient client,
      Matcher matcher,
      Lanes lanes,
      Dispatcher dispatcher,
      ShardParking parking,
      Supplier<Mark> mainReadAt) {
    this.client = client;
    this.matcher = matcher;
    this.lanes = lanes;
    this.dispatcher = dispatcher;
    this.parking = parking;
    this.mainReadAt = mainReadAt;
    this.again = new AgainReader(client, matcher, lanes, dispatcher, mainReadAt);
  }

  /** One page for each of a few lanes; completes with the pause until the next turn. */
  Future<Long> turn() {
    return again.turn().compose(read -> ownTurn().map(pause -> read ? 0L : pause));
  }

  private Future<Long> ownTurn() {
    turn++;
    var reads =
        lanes.hungry().stream()
            .filter(lane -> !rejoin(lane))
            .sorted(Comparator.comparingLong((Lane lane) -> lane.readTurn))
            .limit(MOST_AT_ONCE)
            .map(this::read)
            .toList();
    return reads.isEmpty() ? Future.succeededFuture(IDLE_MILLIS) : Future.all(reads).map(_ -> 0L);
  }

  /** Back to the common way, if nothing is left to read before it. */
  private boolean rejoin(Lane lane) {
    if (!lane.readAt.isBefore(mainReadAt.get())) {
      lane.fed = true;
      lane.waitsSinceMillis = 0;
    }
    return lane.fed;
  }

  private Future<Void> read(Lane lane) {
    lane.readTurn = turn;
    var from = lane.readAt;
    int bytes = lane.backlog.isProbing() && lanes.way(lane) != Way.PARK ? PROBE_BYTES : PAGE_BYTES;
    return client
        .read(from.position(), bytes, 0)
        .compose(
            // Meanwhile it may have gone back, to what it had to let go of.
            reply -> lane.readAt.equals(from) ? take(lane, reply) : Future.succeededFuture());
  }

  private Future<Void> take(Lane lane, RelayReply.ReadReply reply) {
    switch (reply) {
      case RelayReply.Records records -> {
        return work(lane, new Page(records));
      }
      case RelayReply.Purged(var first) -> {
        LOG.error(
            "Events of integration {} up to {} are gone before they were read",
            lane.integration(),
            first);
        lane.readAt = Mark.at(first);
      }
      case RelayReply.NotLeader _ -> {
        return Future.failedFuture("the leader has changed");
      }
    }
    return Future.succeededFuture();
  }

  private Future<Void> work(Lane lane, Page page) {
    var hook = matcher.find(lane.backlog.account(), lane.integration());
    if (lane.fed || hook.isEmpty() || lanes.isClosed()) {
      return Future.succeededFuture();
    }
    return switch (lanes.way(lane)) {
      case PARK -> park(lane, hook.get(), page);
      case DELIVER -> {
        deliver(lane, hook.get(), page);
        yield Future.succeededFuture();
      }
      case WAIT -> Future.succeededFuture();
    };
  }

  private void deliver(Lane lane, Hook hook, Page page) {
    while (page.next()) {
      var mark = page.mark();
      if (!mark.isBefore(lane.readAt) && !take(lane, hook, page, mark)) {
        return;
      }
    }
    if (lane.readAt.isBefore(page.end())) {
      lane.readAt = page.end();
    }
  }

  /** All of a page at once; reading goes on behind it only when that is on record. */
  private Future<Void> park(Lane lane, Hook hook, Page page) {
    var from = lane.readAt;
    var parcel = parking.parcel(lane.integration());
    var to = page.end();
    while (page.next()) {
      var mark = page.mark();
      if (!mark.isBefore(mainReadAt.get())) {
        to = mark;
        break;
      }
      if (!mark.isBefore(from) && page.isOf(lane.backlog.account())) {
        var event = page.event();
        if (matcher.isFor(hook, event) && isOwed(lane, event, mark)) {
          parcel.add(event, mark);
        }
      }
    }
    var end = to;
    return parcel
        .park()
        .map(
            parked -> {
              // Meanwhile it may have gone back, to what it had to let go of.
              if (parked && lane.readAt.equals(from) && from.isBefore(end)) {
                lane.readAt = end;
                parked(lane);
              }
              return null;
            });
  }

  /** What has ended before its lane was parked is not owed any more. */
  private static boolean isOwed(Lane lane, Event event, Mark mark) {
    return lane.owedTo == null || !mark.isBefore(lane.owedTo) || lane.backlog.owes(event, mark);
  }

  private void parked(Lane lane) {
    lane.waitsSinceMillis = 0;
    if (lane.owedTo != null && !lane.readAt.isBefore(lane.owedTo)) {
      lane.owedTo = null;
      var _ = lane.backlog.clear();
    }
  }

  /** False if reading ends here, for now or because the common way is reached. */
  private boolean take(Lane lane, Hook hook, Page page, Mark mark) {
    if (!mark.isBefore(mainReadAt.get())) {
      lane.readAt = mark;
      return false;
    }
    if (!page.isOf(lane.backlog.account())) {
      return true;
    }
    var event = page.event();
    boolean done =
        !matcher.isFor(hook, event) || dispatcher.offer(lane.backlog, event, mark) == Offer.TAKEN;
    lane.readAt = done ? mark.after() : mark;
    return done;
  }
}
