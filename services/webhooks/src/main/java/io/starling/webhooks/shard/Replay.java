package io.starling.webhooks.shard;

import io.starling.contract.IntegrationId;
import io.starling.contract.RelayReply;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.note.PositionStore;
import io.starling.webhooks.parked.ShardParking;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parks again what a database lacks that was restored: for each integration that had rows in the
 * one before, all its events from where the database says to where its lane has come. Some of them
 * were delivered meanwhile; they come twice, under the same {@code webhook-id}. One integration at
 * a time; begins anew when it is interrupted. Belongs to one event loop.
 */
final class Replay {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
  private static final int PAGE_BYTES = 128 << 10;
  private static final long IDLE_MILLIS = 250;

  private final ShardClient client;
  private final Matcher matcher;
  private final Lanes lanes;
  private final ShardParking parking;
  private @Nullable Run run;

  /**
   * The integration at hand.
   *
   * @param known what the database knows
   * @param at what is before was parked
   * @param to the first event that its lane sees to
   */
  private record Run(IntegrationId integration, PositionStore.Read known, Mark at, Mark to) {
    Run goneOn(Mark mark) {
      return new Run(integration, known, mark, to);
    }
  }

  Replay(ShardClient client, Matcher matcher, Lanes lanes, ShardParking parking) {
    this.client = client;
    this.matcher = matcher;
    this.lanes = lanes;
    this.parking = parking;
  }

  /** One page; completes with the pause until the next turn. Fails if nobody answers. */
  Future<Long> turn() {
    var stale = parking.stale();
    if (stale.isEmpty()) {
      run = null;
      return Future.succeededFuture(IDLE_MILLIS);
    }
    var at = run;
    return at == null || !stale.contains(at.integration())
        ? begin(stale.getFirst())
        : goOn(at).map(0L);
  }

  private Future<Long> begin(IntegrationId integration) {
    return parking
        .known()
        .map(
            known -> {
              var from = Mark.at(known.positions().of(integration));
              var to = lanes.front(integration);
              LOG.warn(
                  "The database was restored: what integration {} is owed from {} to {} is parked"
                      + " again",
                  integration,
                  from.position(),
                  to.position());
              run = new Run(integration, known, from, to);
              return 0L;
            })
        // The database is away again.
        .otherwise(IDLE_MILLIS);
  }

  private Future<Void> goOn(Run at) {
    var hook = matcher.find(at.integration());
    if (hook.isEmpty() || !at.at().isBefore(at.to())) {
      run = null;
      return parking.replayed(at.integration(), at.known().term());
    }
    return client
        .read(at.at().position(), PAGE_BYTES, 0)
        .compose(
            reply ->
                switch (reply) {
                  case RelayReply.Records records -> park(at, hook.get(), new Page(records));
                  case RelayReply.Purged(var first) -> {
                    LOG.error(
                        "Events of integration {} up to {} are gone: what of them was parked is"
                            + " lost with the database",
                        at.integration(),
                        first);
                    run = at.goneOn(Mark.at(first));
                    yield Future.succeededFuture();
                  }
                  case RelayReply.NotLeader _ -> Future.failedFuture("the leader has changed");
                });
  }

  private Future<Void> park(Run at, Hook hook, Page page) {
    var parcel = parking.parcel(at.integration());
    var account = hook.integration().account();
    var to = page.isEmpty() ? at.to() : page.end();
    while (page.next()) {
      var mark = page.mark();
      if (!mark.isBefore(at.to())) {
        break;
      }
      if (!mark.isBefore(at.at()) && page.isOf(account)) {
        var event = page.event();
        if (matcher.isFor(hook, event)) {
          parcel.add(event, mark);
        }
      }
    }
    return parcel
        .park()
        .map(
            parked -> {
              run = parked ? at.goneOn(to) : at;
              return null;
            });
  }
}
