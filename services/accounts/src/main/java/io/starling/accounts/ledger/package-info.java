/**
 * Ledgers: the tables {@code accounts.ledger}, {@code ledger_instance}, {@code ledger_report} and
 * {@code ledger_version}.
 *
 * <p>What people want devices to be (downstream) is configuration, and stands in the directory of
 * every node: so its size is limited, per instance and per account. What devices report (upstream)
 * comes with the drain, which moves on only when it is stored here: what a device had acknowledged
 * is not lost, and is here as soon as there is a database. A merge is a JSON merge patch (RFC
 * 7396), as in most APIs that merge: null removes, arrays are replaced. Of each instance the last
 * ten replaced versions are kept.
 */
@NullMarked
package io.starling.accounts.ledger;

import org.jspecify.annotations.NullMarked;
