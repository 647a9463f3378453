package io.starling.bootstrap.interest;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The live events that a holder of subscriptions has asked for, shard by shard in order, without
 * gaps and, except around a change of what is asked for, without repetitions: what the relays could
 * not send is read from the journal as soon as the gap shows, in about a second at most. Only what
 * the journal no longer keeps is missed, with a line in the log.
 *
 * <p>Belongs to one context: used on the event loop that opened it.
 */
public final class LiveFeed {
  private final Bus.Registration registration;
  private final InterestAnnouncer announcer;
  private final ShardFeed[] shards;

  private LiveFeed(Bus.Registration registration, InterestAnnouncer announcer, ShardFeed[] shards) {
    this.registration = registration;
    this.announcer = announcer;
    this.shards = shards;
  }

  /**
   * Opens the feed of a holder that nobody else is called.
   *
   * @param sink takes what arrives; also what nothing is left for that asked for it
   */
  public static Future<LiveFeed> open(
      Vertx vertx,
      Bus bus,
      ShardLeaders leaders,
      int shards,
      String holder,
      Consumer<LiveEntries> sink) {
    var feeds = new ShardFeed[shards];
    Arrays.setAll(feeds, shard -> new ShardFeed(vertx, bus, leaders, shard, sink));
    return bus.listen(
            "live." + holder,
            LiveMessage.LiveEvents.class,
            message -> feeds[message.shard()].received(message))
        .compose(
            registration ->
                InterestAnnouncer.start(
                        vertx, bus, leaders, holder, (shard, at) -> feeds[shard].covered(at))
                    .map(announcer -> new LiveFeed(registration, announcer, feeds)));
  }

  /**
   * Wants something. Completes when the relays send matching events from then on; those that do not
   * answer within a second are told again by the repetition.
   */
  public Future<Void> add(Interest interest) {
    restart();
    return announcer.add(interest);
  }

  /**
   * The same, for somebody who must not miss anything: from where the feed is when this completes,
   * everything that matches comes, even if relays hear of it later or not at all. Fails if where
   * the feed is does not become known in time.
   */
  public Future<Void> addWhole(Interest interest) {
    restart();
    var added = announcer.add(interest);
    for (var shard : shards) {
      shard.mustHave(announcer.newestVersion());
    }
    return added.compose(_ -> everywhere());
  }

  private void restart() {
    if (announcer.isEmpty()) {
      for (var shard : shards) {
        shard.forget();
      }
    }
  }

  private Future<Void> everywhere() {
    return Future.join(Arrays.stream(shards).map(ShardFeed::known).toList()).mapEmpty();
  }

  /** Wants it no longer. */
  public void remove(Interest interest) {
    announcer.remove(interest);
  }

  /** Everything of a shard before this position has been handed over; empty while not known. */
  public Optional<JournalPosition> at(int shard) {
    return shards[shard].at();
  }

  /** Nothing comes any more. */
  public Future<Void> close() {
    for (var shard : shards) {
      shard.forget();
    }
    return registration.end();
  }
}
