package io.starling.webhooks.parked;

import io.starling.webhooks.delivery.Delivery;
import io.vertx.core.Future;
import java.util.List;

/** Brings rows into memory, those that are due first. What fails goes back to its row. */
final class DueRows {
  private static final int MOST_ROWS = 500;
  private static final int FEW_ROWS = 250;
  private static final long MOST_BYTES = 1 << 20;

  private final Parking parking;
  private final int shard;

  DueRows(Parking parking, int shard) {
    this.parking = parking;
    this.shard = shard;
  }

  /** Brings some; completes with whether there were any, or none were wanted. */
  Future<Boolean> load(Drain drain, long now) {
    if (drain.backlog.size() >= FEW_ROWS) {
      return Future.succeededFuture(true);
    }
    int most = drain.backlog.isProbing() ? 1 : MOST_ROWS;
    var held = List.copyOf(drain.held);
    return parking
        .store
        .due(shard, drain.integration, now, held, most, MOST_BYTES)
        .map(
            rows -> {
              offer(drain, rows, now);
              return !rows.isEmpty();
            });
  }

  private void offer(Drain drain, List<ParkedRow> rows, long now) {
    for (var row : rows) {
      var delivery = row.delivery(drain.backlog.account(), now, parking.maxAgeMillis());
      if (!parking.dispatcher.offer(drain.backlog, delivery)) {
        return;
      }
      drain.held.add(Delivery.webhookId(row.event(), drain.integration));
    }
  }
}
