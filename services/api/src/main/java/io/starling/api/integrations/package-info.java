/**
 * Integrations (webhooks): reads from the Directory, writes through the webhooks service, which
 * checks the configuration. {@code /v1/webhooks} and {@code /v1/integrations} show the same
 * objects; below a product stand those whose configuration names it as {@code productID}.
 *
 * <p>Passwords, private keys, client secrets and headers that hold secrets are shown as {@code
 * ********}: teams have members who only look. A change that sends these asterisks leaves the
 * secret as it is, so that a form may save what it was shown; nothing else of the old configuration
 * outlives a change. A client secret is not left to a token endpoint that was changed.
 *
 * <p>What signs an integration's requests is told once, when it is made. The public halves are told
 * to anybody, at {@code /v1/integrations/…/keys.json}; an integration that is not there has none,
 * as one that does not sign.
 *
 * <p>What became of deliveries is asked of the webhooks service, which has it from the database:
 * where one integration is shown it is left out while that is away; pages of attempts and traces
 * are 503 then. The trace of an event stands below {@code integrations}, because everything below
 * {@code /v1/events} is a stream.
 */
@NullMarked
package io.starling.api.integrations;

import org.jspecify.annotations.NullMarked;
