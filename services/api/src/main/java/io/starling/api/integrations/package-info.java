/**
 * Integrations (webhooks): reads from the Directory, writes through the webhooks service, which
 * checks the configuration. {@code /v1/webhooks} and {@code /v1/integrations} show the same
 * objects; below a product stand those whose configuration names it as {@code productID}.
 */
@NullMarked
package io.starling.api.integrations;

import org.jspecify.annotations.NullMarked;
