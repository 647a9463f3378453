package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every webhooks service answers at {@code attempts}, out of the database: what was sent to
 * endpoints, and what became of it. Without a database the answer is {@link
 * AttemptsReply.DatabaseDown}, within a second.
 */
public sealed interface AttemptsRequest extends BusMessage, Addressed {

  @Override
  default String address() {
    return "attempts";
  }

  /** The last attempts of an integration, the last that failed, and how many there were by hour. */
  @Wire("attempts.overview")
  record Overview(AccountId account, IntegrationId integration)
      implements AttemptsRequest, Request<AttemptsReply.OverviewReply> {
    /** So many attempts, and so many that failed. */
    public static final int LAST = 10;

    /** So many hours, as far as something was sent in them. */
    public static final int HOURS = 30 * 24;
  }

  /**
   * Attempts of an integration, the latest first. An answer costs no more than a fixed number of
   * rows: with a filter it may have fewer attempts than asked for, even none, and go on all the
   * same.
   *
   * @param startMillis at this time or later, milliseconds since 1970
   * @param endMillis before this time
   * @param outcomes only these, all if there are none
   * @param device only of events of this one
   * @param event only of the event of this id
   * @param after a place from an earlier answer, null to begin
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  @Wire("attempts.page")
  record Page(
      AccountId account,
      IntegrationId integration,
      long startMillis,
      long endMillis,
      List<AttemptsReply.Outcome> outcomes,
      @Nullable DeviceId device,
      @Nullable String event,
      @Nullable String after,
      int limit)
      implements AttemptsRequest, Request<AttemptsReply.PageReply> {
    /** The most that one answer has. */
    public static final int MAX_LIMIT = 100;
  }

  /**
   * What became of an event with each integration of its account.
   *
   * @param event an {@link EventBatch} of this one
   */
  @Wire("attempts.trace")
  record Trace(AccountId account, Buffer event)
      implements AttemptsRequest, Request<AttemptsReply.TraceReply> {}
}
