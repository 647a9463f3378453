package io.starling.webhooks.shard;

import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.parked.ShardParking;
import java.time.InstantSource;

/** Which way the events of a lane go: to their endpoint, to the database, or nowhere for now. */
final class Ways {
  /** So long a lane waits for what is parked before it to be gone. */
  private static final long SOON_MILLIS = 1_000;

  private final ShardParking parking;
  private final InstantSource clock;

  /** What becomes of what a lane reads by itself. */
  enum Way {
    /** It is delivered. */
    DELIVER,
    /** It is parked. */
    PARK,
    /** Nothing for now: it is not to be read. */
    WAIT
  }

  Ways(ShardParking parking, InstantSource clock) {
    this.parking = parking;
    this.clock = clock;
  }

  /** What becomes of what a lane reads by itself now. */
  Way of(Lane lane, Hook hook) {
    if (!hook.terms().ordered()) {
      return parking.wants(lane.backlog, hook) ? Way.PARK : deliver(hook);
    }
    if (parking.isStale(lane.integration())) {
      return Way.WAIT;
    }
    if (lane.owedTo != null) {
      return parking.isReady() ? Way.PARK : Way.WAIT;
    }
    if (parking.isAhead(hook)) {
      return isLeftBehind(lane) || parking.wants(lane.backlog, hook) ? park(lane) : Way.WAIT;
    }
    return parking.wants(lane.backlog, hook) ? park(lane) : deliver(hook);
  }

  private static Way deliver(Hook hook) {
    return hook.isPaused() ? Way.WAIT : Way.DELIVER;
  }

  /** What it still holds goes first. */
  private static Way park(Lane lane) {
    return lane.backlog.isEmpty() ? Way.PARK : Way.WAIT;
  }

  /** The rows before it may soon be gone: only if they are not it is parked behind them. */
  private boolean isLeftBehind(Lane lane) {
    long now = clock.millis();
    lane.waitsSinceMillis = lane.waitsSinceMillis == 0 ? now : lane.waitsSinceMillis;
    return parking.isReady() && now - lane.waitsSinceMillis > SOON_MILLIS;
  }

  /**
   * What an ordered lane holds and what follows it goes to the database together, or stays: nothing
   * may overtake what is parked. Once nothing of it is under way it reads again from the oldest
   * event that has not ended.
   *
   * @return whether it is to be parked
   */
  boolean hold(Lane lane, Hook hook, Mark mainReadAt) {
    boolean holds =
        hook.terms().ordered() && (parking.isAhead(hook) || parking.wants(lane.backlog, hook));
    lane.backlog.hold(holds);
    if (!holds && lane.owedTo != null) {
      // Nothing was parked: it goes on as if nothing had been.
      lane.readAt = lane.owedTo;
      lane.owedTo = null;
    } else if (holds && lane.owedTo == null && !lane.backlog.isEmpty() && isReadyToPark(lane)) {
      lane.owedTo = lane.front(mainReadAt);
      lane.unfeed(lane.low().orElse(lane.owedTo));
    }
    return holds;
  }

  private boolean isReadyToPark(Lane lane) {
    return parking.isReady() && lane.backlog.isAtRest() && lane.backlog.departures().size() == 0;
  }
}
