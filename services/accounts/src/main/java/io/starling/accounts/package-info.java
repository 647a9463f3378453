/**
 * People, tokens, products and devices, and the feed that carries all configuration out of the
 * database.
 *
 * <p>Owns the schema {@code accounts} and the bus addresses that begin with {@code accounts.}; what
 * it answers is a write, needs a password, or is of what is not in the directory: secrets,
 * libraries, reports of ledgers. All other reads come from the directory, which the {@code feed}
 * room fills from {@code starling.change_log}, for the other services' tables too. Without a
 * database it answers {@code DatabaseDown} at once, and nothing else stops.
 *
 * <p>Decisions: passwords are hashed with Argon2id and never leave this schema; tokens and device
 * secrets are long and random, kept as SHA-256; a product's number is random, not a sequence, so
 * that a restored database never gives one out twice.
 */
@NullMarked
package io.starling.accounts;

import org.jspecify.annotations.NullMarked;
