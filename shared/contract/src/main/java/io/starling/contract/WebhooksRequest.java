package io.starling.contract;

import org.jspecify.annotations.Nullable;

/**
 * What the webhooks service answers, at {@code webhooks}: configuration writes, which need the
 * database, and tests. Reads come from the directory.
 */
public sealed interface WebhooksRequest extends BusMessage, Addressed {

  @Override
  default String address() {
    return "webhooks";
  }

  /** Create an integration from its configuration: a JSON object as Particle's clients send it. */
  @Wire("webhooks.create")
  record CreateIntegration(AccountId account, String configuration)
      implements WebhooksRequest, Request<WebhooksReply.SaveReply> {}

  /**
   * Replace the whole configuration of an integration. What it is owed is delivered by the new one;
   * while that is disabled it waits.
   */
  @Wire("webhooks.edit")
  record EditIntegration(AccountId account, IntegrationId integration, String configuration)
      implements WebhooksRequest, Request<WebhooksReply.SaveReply> {}

  /** Delete an integration; what was not delivered by then is not delivered. */
  @Wire("webhooks.delete")
  record DeleteIntegration(AccountId account, IntegrationId integration)
      implements WebhooksRequest, Request<WebhooksReply.DeleteReply> {}

  /** Send an event that was never published to an integration, once; answered within 3 seconds. */
  @Wire("webhooks.test")
  record TestIntegration(AccountId account, IntegrationId integration)
      implements WebhooksRequest, Request<WebhooksReply.TestReply> {}

  /**
   * Make a key by which an integration's requests are signed from now on, beside those it has.
   *
   * @param secret one of the caller's own in the form of Standard Webhooks; null for a new one
   */
  @Wire("webhooks.create-key")
  record CreateSigningKey(
      AccountId account, IntegrationId integration, SigningKind kind, @Nullable String secret)
      implements WebhooksRequest, Request<WebhooksReply.KeyReply> {
    @Override
    public String toString() {
      return "CreateSigningKey[" + account + ", " + integration + ", " + kind + "]";
    }
  }

  /**
   * Delete a key of an integration.
   *
   * @param afterSeconds for so long it is still signed by; 0 for no longer
   */
  @Wire("webhooks.delete-key")
  record DeleteSigningKey(
      AccountId account, IntegrationId integration, String key, long afterSeconds)
      implements WebhooksRequest, Request<WebhooksReply.DeleteReply> {}

  /**
   * Give the integrations of a product to the account whose it is by now. Those of the former owner
   * that are for more than the product stay his. Safe to ask twice.
   */
  @Wire("webhooks.move")
  record MoveIntegrations(AccountId account, int product, AccountId to)
      implements WebhooksRequest, Request<WebhooksReply.MoveReply> {}
}
