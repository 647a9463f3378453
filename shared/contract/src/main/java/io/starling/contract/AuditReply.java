package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about the audit. */
public sealed interface AuditReply extends BusMessage {

  /** The answer to {@link AuditRequest.StoreRefusals}. */
  sealed interface StoreReply extends AuditReply permits Stored, AccountsReply.DatabaseDown {}

  /** They are kept. */
  @Wire("audit.stored")
  record Stored() implements StoreReply {}

  /** The answer to {@link AuditRequest.FindAudit}. */
  sealed interface FindReply extends AuditReply
      permits Found, PlaceUnknown, AccountsReply.DatabaseDown {}

  /**
   * A page.
   *
   * @param next to be asked for what is behind it, null if that was all
   */
  @Wire("audit.found")
  record Found(List<Deed> deeds, @Nullable String next) implements FindReply {}

  /** The place that was asked for is none. */
  @Wire("audit.place-unknown")
  record PlaceUnknown() implements FindReply {}

  /**
   * Something that was done, or refused.
   *
   * @param untilMillis when it was the last time
   * @param count how often
   * @param outcome {@code done}, {@code refused} or {@code unavailable}
   * @param status of the HTTP answer; 0 for what was done
   * @param operation what was asked of the service; or why it was refused
   * @param account whose things it was about
   * @param targets the first of what was changed
   * @param targetCount of all that was changed
   */
  record Deed(
      String id,
      long atMillis,
      long untilMillis,
      long count,
      String outcome,
      int status,
      Actor actor,
      String operation,
      String account,
      int product,
      List<String> targets,
      int targetCount) {}
}
