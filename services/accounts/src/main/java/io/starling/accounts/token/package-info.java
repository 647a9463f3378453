/**
 * Access and refresh tokens, kept by their hash. Owns {@code accounts.token}, {@code token_family}
 * and {@code token_use}.
 *
 * <p>Decisions: a refresh token is good once and for the client that got it; one that comes back
 * revokes all that followed from its log-in. It lives 180 days, 14 where it is for one product, and
 * each use begins that anew. An access token that never ends has none. A refresh whose answer is
 * lost costs a log-in: to be lenient there would be lenient with thieves. When a token was last
 * used is kept beside it, to ten minutes, and may be lost.
 */
@NullMarked
package io.starling.accounts.token;

import org.jspecify.annotations.NullMarked;
