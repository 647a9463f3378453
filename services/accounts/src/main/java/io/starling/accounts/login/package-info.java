/**
 * Logging in: a password becomes a token, with a one-time password (RFC 6238) where the person has
 * those. Owns {@code accounts.otp}, {@code recovery_code}, {@code mfa_token} and {@code ticket}.
 *
 * <p>Decisions: the limit on guessing one-time passwords stands in the database, for it holds
 * whichever node is asked and wherever from; who comes so far knows the password. The secrets are
 * kept as they are, because every check needs them; nothing tells them once they are confirmed.
 */
@NullMarked
package io.starling.accounts.login;

import org.jspecify.annotations.NullMarked;
