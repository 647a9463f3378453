package io.starling.webhooks.parked;

import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.webhooks.delivery.Backlog;
import io.starling.webhooks.delivery.Departure;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Hook;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The parking of one shard: takes what its lanes do not get rid of, and sends it later. One life of
 * a follower; belongs to one event loop.
 */
public final class ShardParking {
  private static final long EVERY_MILLIS = 20;
  private static final int MOST_ROWS = 1_000;

  private final Parking parking;
  private final int shard;
  private final Drainer drainer;

  ShardParking(Parking parking, int shard) {
    this.parking = parking;
    this.shard = shard;
    this.drainer = new Drainer(parking, shard);
  }

  /** A lane has opened its backlog. */
  public void opened(Backlog backlog) {
    backlog.departures().keepDead(parking.limits.waitingDead());
  }

  /** Tells whether events that a lane reads by itself are to be parked rather than delivered. */
  public boolean takes(Backlog backlog, Hook hook) {
    return parking.isReady() && !hook.terms().ordered() && (hook.isPaused() || isDown(backlog));
  }

  private boolean isDown(Backlog backlog) {
    return backlog.isDownFor(parking.clock.millis(), parking.limits.after().toMillis());
  }

  /** A place to put events of a lane. */
  public Parcel parcel(IntegrationId integration) {
    return new Parcel(integration);
  }

  /** Events of one lane that are parked together. */
  public final class Parcel {
    private final IntegrationId integration;
    private final List<ParkedRow> rows = new ArrayList<>();

    Parcel(IntegrationId integration) {
      this.integration = integration;
    }

    /** Puts an event in. */
    public void add(Event event, Mark mark) {
      long now = parking.clock.millis();
      rows.add(ParkedRow.untried(event, mark, now, parking.maxAgeMillis()));
    }

    /** Completes with whether they are parked: only then a cursor may pass them. */
    public Future<Boolean> park() {
      return rows.isEmpty() ? Future.succeededFuture(true) : insert(integration, rows);
    }
  }

  private Future<Boolean> insert(IntegrationId integration, List<ParkedRow> rows) {
    return parking
        .store
        .insert(shard, integration, rows)
        .onSuccess(_ -> drainer.owe(integration))
        .map(true)
        .otherwise(
            cause -> {
              parking.failed(cause);
              return false;
            });
  }

  /** One round; completes with the pause until the next. Does not fail. */
  public Future<Long> turn(Collection<Backlog> lanes) {
    if (!parking.isReady()) {
      return Future.succeededFuture(EVERY_MILLIS);
    }
    var moves = new ArrayList<Future<?>>();
    lanes.forEach(lane -> moves.add(move(lane)));
    moves.add(drainer.turn());
    return Future.join(moves).map(EVERY_MILLIS).otherwise(EVERY_MILLIS);
  }

  /** In the order of the journal, bounded: what is too much for one round follows in the next. */
  private Future<?> move(Backlog lane) {
    var taken = new ArrayList<>(lane.departures().take(MOST_ROWS));
    taken.addAll(stale(lane));
    if (taken.isEmpty()) {
      return Future.succeededFuture();
    }
    long maxAge = parking.maxAgeMillis();
    var rows = taken.stream().map(one -> ParkedRow.of(one, maxAge)).toList();
    return insert(lane.integration(), rows).onSuccess(parked -> end(lane, taken, parked));
  }

  private static void end(Backlog lane, List<Departure> taken, boolean parked) {
    if (parked) {
      lane.departures().told(taken);
    } else {
      lane.departures().stay(taken);
    }
  }

  private List<Departure> stale(Backlog lane) {
    var hook = parking.matcher.find(lane.account(), lane.integration());
    if (hook.filter(found -> found.terms().ordered()).isPresent()) {
      return List.of();
    }
    long held = parking.limits.after().toMillis();
    return lane.departures().takeStale(parking.clock.millis(), held, MOST_ROWS);
  }

  /** Its life is over: what is under way ends without consequence. */
  public void close() {
    drainer.close();
  }
}
