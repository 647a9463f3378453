/**
 * Integrations (webhooks): reads from the Directory, writes through the webhooks service, which
 * checks the configuration. {@code /v1/webhooks} and {@code /v1/integrations} show the same
 * objects; below a product stand those whose configuration names it as {@code productID}.
 *
 * <p>Passwords and headers that hold secrets are shown as {@code ********}: teams have members who
 * only look. A change that sends these asterisks leaves the secret as it is, so that a form may
 * save what it was shown; nothing else of the old configuration outlives a change.
 */
@NullMarked
package io.starling.api.integrations;

import org.jspecify.annotations.NullMarked;
