/**
 * Signing in through OpenID Connect providers (Core 1.0, the code flow with RFC 7636 and RFC 9207).
 * Owns {@code accounts.identity} and {@code oidc_step}. What a sign-in ends with is a ticket.
 *
 * <p>Decisions: an account is found by issuer and subject alone. An address that the provider has
 * made sure of makes a new account, without a password; where somebody has that address already,
 * that account's password is asked for once, so that no provider can give an account away. The
 * provider stands for the password only: who has one-time passwords is asked for one, because the
 * person said that a password is not enough, and nobody here knows what the provider asked for.
 * What must be told again to the provider is encrypted; what comes back from the browser is kept as
 * a hash, is good once, and only together with what that very browser was given.
 *
 * <p>Signatures, issuer, audience and times of ID tokens are checked by vertx-auth-jwt, with the
 * provider's asymmetric keys alone. The requests are not vertx-auth-oauth2's: it reads answers of
 * any length, tells nobody why a token was not believed, takes one without an audience or an
 * expiry, and cannot look at a token again once it has fetched newer keys, without which the first
 * sign-in after a rotation would fail.
 */
@NullMarked
package io.starling.accounts.provider;

import org.jspecify.annotations.NullMarked;
