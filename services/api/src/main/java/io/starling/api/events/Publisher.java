package io.starling.api.events;

import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.bootstrap.cluster.EpochClock;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.contract.Shards;
import io.starling.http.Patience;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Makes events of what apps publish and appends them to their account's shard. Belongs to the
 * context of its appender.
 */
public final class Publisher {
  /** How long an append is tried, and how long anybody waits for it. */
  public static final Duration BUDGET = Duration.ofSeconds(5);

  private final EventAppender appender;
  private final Patience patience;
  private final InstantSource wall;
  private final int shards;
  private final DeviceId origin = DeviceId.create();
  private final long epoch;
  private long sequence;

  /** A publisher with an identity of its own, so that no two processes make the same event id. */
  public Publisher(
      EventAppender appender, Patience patience, EpochClock clock, InstantSource wall, int shards) {
    this.appender = appender;
    this.patience = patience;
    this.wall = wall;
    this.shards = shards;
    this.epoch = clock.next();
  }

  /**
   * Publishes.
   *
   * @param product 0 for none
   * @return true once it is committed; false if it may not be, and is worth another try
   */
  Future<Boolean> publish(
      AccountId account, int product, EventClass eventClass, String name, Buffer data) {
    var event =
        new Event(
            new EventId(origin, epoch, ++sequence),
            Origin.API,
            account,
            product,
            name,
            data,
            eventClass,
            wall.millis());
    return patience
        .await(appender.append(Shards.of(account, shards), event), BUDGET)
        .map(outcome -> outcome instanceof Outcome.Committed done && done.holds(eventClass))
        .otherwise(false);
  }
}
