/**
 * Sealing: what has to be told again as it was, secrets and the keys of one-time passwords, stands
 * in the database encrypted with AES-256 in GCM, each for the row that it is of.
 *
 * <p>The keys are not in the database: one machine makes one in its data folder at its first start,
 * several nodes are given the same ones, each with a name. The first seals, all open. To change
 * keys, give every node {@code old,new}, then {@code new,old}, upon which all is sealed anew, then
 * {@code new} alone. The table {@code accounts.seal_key} has a proof for each key that was ever
 * used, so that a node with a key of the same name that is another one, or without a key that is
 * needed, refuses to work before it damages anything.
 */
@NullMarked
package io.starling.accounts.seal;

import org.jspecify.annotations.NullMarked;
