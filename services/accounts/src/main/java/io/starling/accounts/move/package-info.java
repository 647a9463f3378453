/**
 * Products that get another owner: a person's become an organization's, one organization's another
 * one's, or a person's again. Owns {@code accounts.product_move}: what still has to follow.
 *
 * <p>In one transaction the product, its OAuth clients and environment variables, and the first
 * thousand of its devices change hands, and both accounts have it in their audit. Customers,
 * groups, the team and API users of the product stay with it; tokens that acted for it in the
 * former owner's name end. More devices follow a thousand at a time, and then are the new owner's
 * as every other; until then each is served where it was. Integrations of the product follow at
 * once, by a request to the service whose they are, which is repeated until it is answered. Devices
 * that somebody else claimed stay his, in the product.
 *
 * <p>A device that changes hands lives in another topic space from then on: its gateway sees that
 * in the directory and ends its connection, as after any other claim, and it comes back into the
 * new one. Streams of the product end, and go on in the new one when they are opened again. Events
 * that were stored stay where they happened, with the former owner, and so do ledgers: they are an
 * account's, and devices have those of the account that they are in.
 */
@NullMarked
package io.starling.accounts.move;

import org.jspecify.annotations.NullMarked;
