package io.starling.webhooks.parked;

import io.starling.contract.IntegrationId;
import io.starling.webhooks.delivery.Delivery;
import io.starling.webhooks.delivery.Departure;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.note.Notes;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends what is parked of one shard: for each integration that is owed some, a few rows in memory,
 * in a backlog of their own beside that of the lane. Belongs to one event loop.
 */
final class Drainer {
  private static final long LOOK_MILLIS = 1_000;

  /** Rows whose end is told together. */
  private static final int MOST_SETTLED = 1_000;

  /** Integrations that are served in one round. */
  private static final int MOST_AT_ONCE = 8;

  private final Parking parking;
  private final int shard;
  private final Notes notes;
  private final DueRows due;
  private final OrderedRows ordered;
  private final Map<IntegrationId, Drain> drains = new HashMap<>();
  private long lookedAtMillis;
  private boolean closed;

  Drainer(Parking parking, int shard, Notes notes) {
    this.parking = parking;
    this.shard = shard;
    this.notes = notes;
    this.due = new DueRows(parking, shard);
    this.ordered = new OrderedRows(parking, shard);
  }

  /** There is a row for it now. */
  void owe(IntegrationId integration) {
    if (!closed) {
      find(integration).ifPresent(hook -> drain(hook).owe());
    }
  }

  private Optional<Hook> find(IntegrationId integration) {
    return parking.matcher.find(integration);
  }

  private Drain drain(Hook hook) {
    var integration = hook.integration();
    return drains.computeIfAbsent(
        integration.id(),
        id -> {
          var backlog = parking.dispatcher.open(integration.account(), id, () -> {});
          backlog.departures().ofDatabase();
          boolean inOrder = hook.terms().ordered();
          if (inOrder) {
            backlog.inOrder();
          }
          return new Drain(id, backlog, inOrder);
        });
  }

  /** One round; fails if the database does. */
  Future<?> turn() {
    long now = parking.clock.millis();
    return look(now)
        .compose(
            _ -> {
              var next =
                  drains.values().stream()
                      .filter(drain -> !drain.isIdle(now))
                      .sorted(
                          (one, other) -> Long.compare(one.servedAtMillis, other.servedAtMillis))
                      .limit(MOST_AT_ONCE)
                      .toList();
              return Future.join(next.stream().map(drain -> serve(drain, now)).toList());
            })
        .onFailure(parking::failed);
  }

  private Future<Void> look(long now) {
    if (closed || now - lookedAtMillis < LOOK_MILLIS) {
      return Future.succeededFuture();
    }
    var moment = notes.moment();
    return parking
        .store
        .waiting(shard)
        .map(
            found -> {
              lookedAtMillis = now;
              notes.looked(moment, found.term(), found.integrations());
              found.integrations().forEach(this::owe);
              return null;
            });
  }

  private Future<Void> serve(Drain drain, long now) {
    drain.servedAtMillis = now;
    drain.busy = true;
    parking.dispatcher.start(drain.backlog);
    return settle(drain).compose(_ -> load(drain, now)).onComplete(_ -> drain.busy = false);
  }

  private Future<Void> settle(Drain drain) {
    var taken = drain.backlog.departures().take(MOST_SETTLED);
    return taken.isEmpty()
        ? Future.succeededFuture()
        : parking
            .store
            .settle(drain.integration, taken)
            .onSuccess(_ -> told(drain, taken))
            .onFailure(_ -> drain.backlog.departures().stay(taken));
  }

  private static void told(Drain drain, List<Departure> taken) {
    taken.forEach(one -> drain.held.remove(Delivery.webhookId(one.event(), drain.integration)));
    drain.backlog.departures().told(taken);
  }

  private Future<Void> load(Drain drain, long now) {
    var hook = find(drain.integration);
    if (closed || hook.isEmpty() || !isOf(drain, hook.get())) {
      forget(drain);
      return Future.succeededFuture();
    }
    // What is missing in a database that was restored goes before what is there.
    boolean waits = drain.ordered && notes.isStale(drain.integration);
    if (waits || hook.get().isPaused() || !parking.dispatcher.wantsMore(drain.backlog)) {
      return Future.succeededFuture();
    }
    return (drain.ordered ? ordered.load(drain, now) : due.load(drain, now))
        .map(
            any -> {
              if (!any && drain.backlog.size() == 0) {
                drain.idleUntilMillis = now + LOOK_MILLIS;
                leaveIfEmpty(drain, now);
              }
              return null;
            });
  }

  private static boolean isOf(Drain drain, Hook hook) {
    return hook.integration().account().equals(drain.backlog.account())
        && hook.terms().ordered() == drain.ordered;
  }

  /** There is nothing that is due; whether there is anything at all is told by the next look. */
  private void leaveIfEmpty(Drain drain, long now) {
    if (drain.emptyAtMillis == 0) {
      drain.emptyAtMillis = now;
    } else if (lookedAtMillis > drain.emptyAtMillis) {
      forget(drain);
    }
  }

  private void forget(Drain drain) {
    drains.remove(drain.integration, drain);
    parking.dispatcher.close(drain.backlog);
  }

  void close() {
    closed = true;
    new ArrayList<>(drains.values()).forEach(this::forget);
  }
}
