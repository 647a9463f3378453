/**
 * The configuration of integrations: checked, written, and thereby on its way into the directory.
 *
 * <p>Owns the tables {@code webhooks.integration} and {@code webhooks.signing_key}; answers {@code
 * WebhooksRequest} at {@code webhooks}. Promises: what is answered as saved stands in the
 * directory; what is refused is refused with the words that tell what to change. Refuses
 * integration types other than Webhook. An endpoint that answers 410 is switched off, unless data
 * of events is in its URL. Nobody reads this table: reads come from the directory.
 */
@NullMarked
package io.starling.webhooks.integration;

import org.jspecify.annotations.NullMarked;
