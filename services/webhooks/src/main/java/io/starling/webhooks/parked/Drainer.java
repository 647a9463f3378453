package io.starling.webhooks.parked;

import io.starling.contract.IntegrationId;
import io.starling.webhooks.delivery.Backlog;
import io.starling.webhooks.delivery.Delivery;
import io.starling.webhooks.delivery.Departure;
import io.starling.webhooks.match.Hook;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends what is parked of one shard: for each integration that is owed some, a few rows in memory,
 * in a backlog of their own beside that of the lane. Belongs to one event loop.
 */
final class Drainer {
  private static final long LOOK_MILLIS = 1_000;
  private static final int MOST_ROWS = 500;
  private static final int FEW_ROWS = 250;
  private static final long MOST_BYTES = 1 << 20;

  /** Integrations that are served in one round. */
  private static final int MOST_AT_ONCE = 8;

  private final Parking parking;
  private final int shard;
  private final Map<IntegrationId, Drain> drains = new HashMap<>();
  private long lookedAtMillis;
  private boolean closed;

  /** What of one integration is in memory. */
  private static final class Drain {
    final IntegrationId integration;
    final Backlog backlog;

    /** The rows that are in memory. */
    final Set<String> held = new HashSet<>();

    long servedAtMillis;
    long emptyAtMillis;
    long idleUntilMillis;
    boolean busy;

    Drain(IntegrationId integration, Backlog backlog) {
      this.integration = integration;
      this.backlog = backlog;
    }

    void owe() {
      emptyAtMillis = 0;
      idleUntilMillis = 0;
    }

    boolean isIdle(long nowMillis) {
      return busy || (nowMillis < idleUntilMillis && backlog.size() == 0);
    }
  }

  Drainer(Parking parking, int shard) {
    this.parking = parking;
    this.shard = shard;
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
          return new Drain(id, backlog);
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
    return parking
        .store
        .integrations(shard)
        .map(
            found -> {
              lookedAtMillis = now;
              found.forEach(this::owe);
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
    var taken = drain.backlog.departures().take(2 * MOST_ROWS);
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
    if (closed
        || hook.isEmpty()
        || !hook.get().integration().account().equals(drain.backlog.account())) {
      forget(drain);
      return Future.succeededFuture();
    }
    boolean wants = parking.dispatcher.wantsMore(drain.backlog) && drain.backlog.size() < FEW_ROWS;
    if (!wants || hook.get().isPaused()) {
      return Future.succeededFuture();
    }
    int most = drain.backlog.isProbing() ? 1 : MOST_ROWS;
    var held = List.copyOf(drain.held);
    return parking
        .store
        .due(shard, drain.integration, now, held, most, MOST_BYTES)
        .map(
            rows -> {
              offer(drain, rows, now);
              return null;
            });
  }

  private void offer(Drain drain, List<ParkedRow> rows, long now) {
    for (var row : rows) {
      if (closed) {
        return;
      }
      var delivery = row.delivery(drain.backlog.account(), now, parking.maxAgeMillis());
      String id = Delivery.webhookId(row.event(), drain.integration);
      if (!parking.dispatcher.offer(drain.backlog, delivery)) {
        return;
      }
      drain.held.add(id);
    }
    if (rows.isEmpty() && drain.backlog.size() == 0) {
      drain.idleUntilMillis = now + LOOK_MILLIS;
      leaveIfEmpty(drain, now);
    }
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
