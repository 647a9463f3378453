package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What webhooks services answer about deliveries that left the journal. */
public sealed interface DeliveriesReply extends BusMessage {

  /** The answer to {@link DeliveriesRequest.Page}. */
  sealed interface PageReply extends DeliveriesReply {}

  /** The answer to {@link DeliveriesRequest.Redeliver}. */
  sealed interface RedeliverReply extends DeliveriesReply {}

  /** The database cannot be asked for now. */
  @Wire("deliveries.database-down")
  record DatabaseDown(int retryAfterSeconds) implements PageReply, RedeliverReply {}

  /** The place that was asked for is none. */
  @Wire("deliveries.place-unknown")
  record PlaceUnknown() implements PageReply {}

  /** What a delivery is. */
  enum State {
    /** It waits, and will be tried again. */
    PARKED,
    /** It was given up: a dead letter. */
    DEAD
  }

  /**
   * One event owed to an integration.
   *
   * @param webhookId what the endpoint sees
   * @param device that published the event, null for events of apps
   * @param dueMillis when it is tried next, for one that waits
   * @param attempts made so far
   * @param firstError what came first in the way, in words; empty if it was not tried
   * @param lastError the latest
   */
  record Owed(
      String webhookId,
      String event,
      @Nullable DeviceId device,
      long publishedAtMillis,
      State state,
      long dueMillis,
      int attempts,
      String firstError,
      String lastError) {}

  /**
   * A page.
   *
   * @param next to be asked for what is behind it, null if that was all
   */
  @Wire("deliveries.page-found")
  record PageFound(List<Owed> deliveries, @Nullable String next) implements PageReply {}

  /**
   * They are sent again, or would be.
   *
   * @param more whether there are more than one request takes
   */
  @Wire("deliveries.redelivered")
  record Redelivered(int count, boolean more) implements RedeliverReply {}
}
