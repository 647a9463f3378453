/**
 * Organizations: accounts that own products and that nobody logs in to, and who is in them with
 * which role. Their products, events and ledgers are in the rooms of those. One in which the caller
 * is not is answered as one that is absent; nobody gives a role that has more than his own, and
 * nobody changes somebody who may do more than he.
 */
@NullMarked
package io.starling.api.orgs;

import org.jspecify.annotations.NullMarked;
