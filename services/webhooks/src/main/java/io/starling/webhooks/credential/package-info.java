/**
 * By what a request shows whose it is, beside headers and passwords: a certificate of its own, and
 * tokens of OAuth 2.0; and whom it believes in place of the public authorities.
 *
 * <p>Promises: what was read can be used, and prints no secret. Reads configuration only; knows
 * nothing of sockets that are open.
 */
@NullMarked
package io.starling.webhooks.credential;

import org.jspecify.annotations.NullMarked;
