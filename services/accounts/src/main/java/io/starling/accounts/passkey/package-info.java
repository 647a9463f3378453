/**
 * Passkeys (WebAuthn, level 3): a person's device or key ring signs in for him. Owns {@code
 * accounts.passkey} and {@code passkey_challenge}. Whoever signs in by one gets a ticket of the
 * {@code login} room, for the page where he does.
 *
 * <p>Decisions: a passkey stands for the password and the one-time password, for it is two factors
 * by itself: something the person has, which never leaves its authenticator, and a finger, face or
 * PIN that the authenticator checks. So this user verification is required both when one is made
 * and whenever it signs, and what comes without is refused. Nor can it be phished: it signs for
 * this origin only. Because it is worth as much, one is added only by who shows all of that again:
 * password and one-time password, or a ticket that another passkey gave.
 *
 * <p>The origin and the relying party are those of {@code STARLING_MAIL_LINKS}, never of a request,
 * whose sender could name a server of his own; where that is a mere address, there are no passkeys,
 * because browsers make none. Attestation is not asked for, and not looked at: any authenticator
 * will do. Only people have passkeys: programs and products' customers sign in nowhere. A new
 * password leaves them as they are. What is refused is told alike, whatever is wrong with it.
 */
@NullMarked
package io.starling.accounts.passkey;

import org.jspecify.annotations.NullMarked;
