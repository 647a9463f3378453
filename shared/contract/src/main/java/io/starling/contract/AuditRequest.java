package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service is asked about the audit. */
public sealed interface AuditRequest extends BusMessage, Addressed {
  /** Where it is asked. */
  String ADDRESS = "accounts.audit";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Keeps refusals, counted by an edge. Sent again, it changes nothing.
   *
   * @param batch tells batches apart, a UUID
   */
  @Wire("audit.refusals")
  record StoreRefusals(String batch, List<Refusals> refusals)
      implements AuditRequest, Request<AuditReply.StoreReply> {
    /** The most of one batch. */
    public static final int MOST = 256;
  }

  /**
   * Refusals that are alike.
   *
   * @param actor as the last of them had it
   * @param account whose things they were about; empty for nobody's
   * @param available whether it was refused, and not that nothing could be done for now
   * @param why in words that are the same for all of them
   */
  record Refusals(
      Actor actor,
      String account,
      boolean available,
      int status,
      String why,
      long firstMillis,
      long lastMillis,
      long count) {}

  /**
   * What is kept, the latest first. An answer may have fewer rows than asked for, even none, and go
   * on all the same.
   *
   * @param account of what it did, and of what others did to its things; null with a product
   * @param product of what was done in it; 0 with an account
   * @param startMillis at this time or later, milliseconds since 1970
   * @param endMillis before this time
   * @param actor only what it did; null for any. Likewise the others
   * @param action a route, such as {@code PUT /v1/devices/:device}, or an operation
   * @param target such as {@code device/0123456789abcdef01234567}
   * @param cursor a place from an earlier answer, null to begin
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  @Wire("audit.find")
  record FindAudit(
      @Nullable AccountId account,
      int product,
      long startMillis,
      long endMillis,
      @Nullable String actor,
      @Nullable String action,
      @Nullable String target,
      @Nullable String outcome,
      @Nullable String cursor,
      int limit)
      implements AuditRequest, Request<AuditReply.FindReply> {
    /** The most that one answer has. */
    public static final int MAX_LIMIT = 1_000;

    /** The same from another place on. */
    public FindAudit from(String place) {
      return new FindAudit(
          account, product, startMillis, endMillis, actor, action, target, outcome, place, limit);
    }

    /** The same with another limit. */
    public FindAudit limit(int most) {
      return new FindAudit(
          account, product, startMillis, endMillis, actor, action, target, outcome, cursor, most);
    }
  }
}
