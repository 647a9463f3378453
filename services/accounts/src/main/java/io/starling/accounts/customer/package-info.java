/**
 * The customers of products: accounts that are nobody outside of their product. Its clients make
 * them and vouch for them, or let them in with their own password. Owns the accounts of kind {@code
 * customer} in {@code accounts.account}; devices come to them by the room {@code device}, and are
 * without a customer again when theirs is deleted.
 */
@NullMarked
package io.starling.accounts.customer;

import org.jspecify.annotations.NullMarked;
