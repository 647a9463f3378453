package io.starling.contract;

/** What the webhooks service answers. */
public sealed interface WebhooksReply extends BusMessage {

  /** Configuration cannot be written for now. */
  @Wire("webhooks.database-down")
  record DatabaseDown(int retryAfterSeconds) implements SaveReply, DeleteReply {}

  /** No integration of this account has that id. */
  @Wire("webhooks.not-found")
  record NotFound() implements SaveReply, DeleteReply {}

  /** The answer to creating and editing. */
  sealed interface SaveReply extends WebhooksReply {}

  /** Saved; in the directory up to the position. */
  @Wire("webhooks.saved")
  record Saved(IntegrationId integration, JournalPosition position) implements SaveReply {}

  /** The configuration is not right: what to change, in words. */
  @Wire("webhooks.invalid")
  record Invalid(String message) implements SaveReply {}

  /** The answer to deleting. */
  sealed interface DeleteReply extends WebhooksReply {}

  /** Deleted. */
  @Wire("webhooks.deleted")
  record Deleted(JournalPosition position) implements DeleteReply {}
}
