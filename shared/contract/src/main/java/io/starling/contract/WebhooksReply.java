package io.starling.contract;

import org.jspecify.annotations.Nullable;

/** What the webhooks service answers. */
public sealed interface WebhooksReply extends BusMessage {

  /** Configuration cannot be written for now. */
  @Wire("webhooks.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements SaveReply, DeleteReply, MoveReply, KeyReply {}

  /** No integration of this account has that id. */
  @Wire("webhooks.not-found")
  record NotFound() implements SaveReply, DeleteReply, TestReply, KeyReply {}

  /** The answer to creating and editing. */
  sealed interface SaveReply extends WebhooksReply {}

  /** Saved; in the directory up to the position. */
  @Wire("webhooks.saved")
  record Saved(IntegrationId integration, JournalPosition position) implements SaveReply {}

  /** What was sent is not right: what to change, in words. */
  @Wire("webhooks.invalid")
  record Invalid(String message) implements SaveReply, KeyReply {}

  /** The answer to deleting. */
  sealed interface DeleteReply extends WebhooksReply {}

  /** Deleted. */
  @Wire("webhooks.deleted")
  record Deleted(JournalPosition position) implements DeleteReply {}

  /** The answer to a test. */
  sealed interface TestReply extends WebhooksReply {}

  /**
   * What became of the request.
   *
   * @param outcome whether the endpoint took it
   * @param status what the endpoint answered, 0 if it did not
   * @param cause why it was not taken, in words; empty if it was
   */
  @Wire("webhooks.tested")
  record Tested(Outcome outcome, int status, String cause) implements TestReply {
    /** How a request may end. */
    public enum Outcome {
      DELIVERED,
      REFUSED,
      UNAVAILABLE,
      IMPOSSIBLE
    }
  }

  /** Too many tests are under way. */
  @Wire("webhooks.busy")
  record Busy(int retryAfterSeconds) implements TestReply {}

  /** The answer to making a signing key. */
  sealed interface KeyReply extends WebhooksReply {}

  /**
   * It is made; in the directory up to the position.
   *
   * @param key its id
   * @param secret told this once
   * @param publicKey null if it has none
   */
  @Wire("webhooks.key-created")
  record KeyCreated(
      String key,
      SigningKind kind,
      String secret,
      @Nullable String publicKey,
      long createdAtMillis,
      JournalPosition position)
      implements KeyReply {
    @Override
    public String toString() {
      return "KeyCreated[" + key + ", " + kind + "]";
    }
  }

  /** The answer to moving. */
  sealed interface MoveReply extends WebhooksReply {}

  /** All of them are the other account's. */
  @Wire("webhooks.moved")
  record Moved(JournalPosition position) implements MoveReply {}
}
