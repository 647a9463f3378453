/**
 * People: sign-up, changes, passwords and the limit on guessing them, mailed links. Owns {@code
 * accounts.account} and {@code accounts.link}. Whoever needs a password checked asks {@code
 * Credentials}. Who owns products is not deleted: they would be nobody's.
 */
@NullMarked
package io.starling.accounts.user;

import org.jspecify.annotations.NullMarked;
