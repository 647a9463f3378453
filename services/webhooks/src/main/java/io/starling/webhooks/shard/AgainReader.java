package io.starling.webhooks.shard;

import io.starling.contract.RelayReply;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Dispatcher.Offer;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.match.Matcher;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads again what ordered lanes let go of because a device holds up its own events, once that is
 * over: only events of such devices, up to where the lane has looked at all events anyway. A few
 * lanes at a time. Belongs to one event loop.
 */
final class AgainReader {
  private static final Logger LOG = LoggerFactory.getLogger(AgainReader.class);
  private static final int PAGE_BYTES = 128 << 10;

  private final ShardClient client;
  private final Matcher matcher;
  private final Lanes lanes;
  private final Dispatcher dispatcher;
  private final Supplier<Mark> mainReadAt;
  private long turn;

  AgainReader(
      ShardClient client,
      Matcher matcher,
      Lanes lanes,
      Dispatcher dispatcher,
      Supplier<Mark> mainReadAt) {
    this.client = client;
    this.matcher = matcher;
    this.lanes = lanes;
    this.dispatcher = dispatcher;
    this.mainReadAt = mainReadAt;
  }

  /** One page for each of a few lanes; completes with whether there was anything to read. */
  Future<Boolean> turn() {
    turn++;
    var reads =
        lanes.behind().stream()
            .sorted(Comparator.comparingLong((Lane lane) -> lane.againTurn))
            .flatMap(lane -> lane.backlog.nextAgain().map(from -> read(lane, from)).stream())
            .limit(LaneReader.MOST_AT_ONCE)
            .toList();
    return reads.isEmpty() ? Future.succeededFuture(false) : Future.all(reads).map(true);
  }

  private Future<Void> read(Lane lane, Mark from) {
    lane.againTurn = turn;
    return client.read(from.position(), PAGE_BYTES, 0).compose(reply -> take(lane, from, reply));
  }

  private Future<Void> take(Lane lane, Mark from, RelayReply.ReadReply reply) {
    switch (reply) {
      case RelayReply.Records records -> {
        // Meanwhile it may have forgotten all.
        if (!lanes.isClosed() && lane.backlog.nextAgain().filter(from::equals).isPresent()) {
          work(lane, from, new Page(records));
        }
      }
      case RelayReply.Purged(var first) -> {
        LOG.error(
            "Events of integration {} up to {} are gone before they were read",
            lane.integration(),
            first);
        var _ = reached(lane, Mark.at(first));
      }
      case RelayReply.NotLeader _ -> {
        return Future.failedFuture("the leader has changed");
      }
    }
    return Future.succeededFuture();
  }

  private void work(Lane lane, Mark from, Page page) {
    var hook = matcher.find(lane.backlog.account(), lane.integration());
    if (hook.isEmpty() || hook.get().isPaused()) {
      return;
    }
    while (page.next()) {
      var mark = page.mark();
      if (!mark.isBefore(from) && !take(lane, hook.get(), page, mark)) {
        return;
      }
    }
    var _ = reached(lane, page.end());
  }

  /** False if reading ends here, for now or because all others were looked at from here. */
  private boolean take(Lane lane, Hook hook, Page page, Mark mark) {
    if (!reached(lane, mark)) {
      return false;
    }
    if (!page.isOf(lane.backlog.account())) {
      return true;
    }
    var event = page.event();
    return !lane.backlog.wantsAgain(event, mark)
        || !matcher.isFor(hook, event)
        || dispatcher.offerAgain(lane.backlog, event, mark) == Offer.TAKEN;
  }

  private boolean reached(Lane lane, Mark mark) {
    return lane.backlog.readAgainTo(mark, lane.front(mainReadAt.get()));
  }
}
