package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every webhooks service answers at {@code deliveries}, out of the database: the deliveries
 * that left the journal, because they wait for an endpoint that is down or were given up. Without a
 * database the answer is {@link DeliveriesReply.DatabaseDown}, within a second.
 */
public sealed interface DeliveriesRequest extends BusMessage, Addressed {

  @Override
  default String address() {
    return "deliveries";
  }

  /**
   * Which ones of an integration.
   *
   * @param startMillis of events published then or later, milliseconds since 1970
   * @param endMillis of events published before
   * @param device only of events of this one
   * @param event only of events of this name
   */
  record Filter(
      IntegrationId integration,
      DeliveriesReply.State state,
      long startMillis,
      long endMillis,
      @Nullable DeviceId device,
      @Nullable String event) {}

  /**
   * The latest events first. An answer costs no more than a fixed number of rows: with a filter it
   * may have fewer than asked for, even none, and go on all the same.
   *
   * @param after a place from an earlier answer, null to begin
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  @Wire("deliveries.page")
  record Page(Filter filter, @Nullable String after, int limit)
      implements DeliveriesRequest, Request<DeliveriesReply.PageReply> {
    /** The most that one answer has. */
    public static final int MAX_LIMIT = 100;
  }

  /**
   * Send deliveries again as soon as their endpoint takes them, with a whole schedule before them.
   * Safe to ask twice.
   *
   * @param ids only those of these webhook-ids, all if there are none; {@link #MOST_IDS} at most
   * @param dryRun only count them
   */
  @Wire("deliveries.redeliver")
  record Redeliver(Filter filter, List<String> ids, boolean dryRun)
      implements DeliveriesRequest, Request<DeliveriesReply.RedeliverReply> {
    /** The most that can be named. */
    public static final int MOST_IDS = 1_000;

    /** The most that one request sends again, or counts. */
    public static final int MOST = 5_000;
  }
}
