/**
 * Access tokens of OAuth 2.0 for endpoints that want them.
 *
 * <p>Promises: a token endpoint is asked by one at a time for each set of credentials, within ten
 * seconds, by the same rules about addresses as every endpoint; tokens are in memory only, for each
 * process its own. Refuses tokens that a header cannot hold.
 */
@NullMarked
package io.starling.webhooks.token;

import org.jspecify.annotations.NullMarked;
