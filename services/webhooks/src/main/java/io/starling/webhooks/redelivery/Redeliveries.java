package io.starling.webhooks.redelivery;

import io.starling.contract.DeliveriesReply;
import io.starling.contract.DeliveriesRequest;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists deliveries that left the journal, and has them sent again. Belongs to one event loop. */
public final class Redeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Redeliveries.class);
  private static final int RETRY_AFTER_SECONDS = 5;

  private final RedeliveryStore store;

  /**
   * Those in a database.
   *
   * @param maxAge for how long it is tried to send one again
   */
  public Redeliveries(PrimaryPool database, Duration maxAge) {
    this.store = new RedeliveryStore(database, maxAge);
  }

  /** The answer while there is no database. */
  public static DeliveriesReply.DatabaseDown databaseDown() {
    return new DeliveriesReply.DatabaseDown(RETRY_AFTER_SECONDS);
  }

  /** Answers a request. */
  public Future<? extends DeliveriesReply> answer(DeliveriesRequest request) {
    return switch (request) {
      case DeliveriesRequest.Page page -> page(page);
      case DeliveriesRequest.Redeliver redeliver ->
          (redeliver.dryRun() ? store.count(redeliver) : store.redeliver(redeliver))
              .<DeliveriesReply.RedeliverReply>map(count -> told(count))
              .otherwise(Redeliveries::down);
    };
  }

  private static DeliveriesReply.Redelivered told(RedeliveryStore.Count count) {
    return new DeliveriesReply.Redelivered(count.rows(), count.more());
  }

  private Future<DeliveriesReply.PageReply> page(DeliveriesRequest.Page request) {
    var place = OwedPlace.after(request);
    return place.isEmpty()
        ? Future.succeededFuture(new DeliveriesReply.PlaceUnknown())
        : store
            .page(request, place.get())
            .<DeliveriesReply.PageReply>map(found -> found)
            .otherwise(Redeliveries::down);
  }

  private static DeliveriesReply.DatabaseDown down(Throwable cause) {
    LOG.info("Deliveries cannot be looked at for now: {}", cause.getMessage());
    return databaseDown();
  }
}
