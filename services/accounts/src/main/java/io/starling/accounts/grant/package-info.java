/**
 * Tokens that a person grants to a program without giving it the password: by a code that goes
 * through the person's browser (RFC 6749, section 4.1, with RFC 7636), and by one that a device
 * shows (RFC 8628). Owns {@code accounts.authorization_code} and {@code device_code}, which keep
 * hashes.
 *
 * <p>Decisions: a code is good once, for a minute, for its client, its redirect URI and who knows
 * what its challenge was made of; there is none without a challenge. One that comes back revokes
 * what it gave. All that waits ends with the account's other tokens. What a person grants lives as
 * long as any other log-in unless the client asks for less; never for ever.
 */
@NullMarked
package io.starling.accounts.grant;

import org.jspecify.annotations.NullMarked;
