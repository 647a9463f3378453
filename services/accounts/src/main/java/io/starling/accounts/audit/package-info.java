/**
 * Who did what, and who was refused: {@code starling.audit}.
 *
 * <p>Changes are kept there by the transactions that make them (see {@code Deeds}), if they change
 * anything: a lock, or a row that is written anew as it was, is none. What the feed follows tells
 * itself; of other tables the migrations say what is told ({@code starling.note}). A request is one
 * row, or one for each of its transactions: who asks for a new address and has a new password at
 * once does two things. Refusals come in batches from the edges, which count those that are alike,
 * and are kept here. Rows are only ever added: triggers refuse whatever else, also to the tables'
 * owner. What is over goes by dropping a month.
 *
 * <p>Decisions: what devices report (a ledger, vitals, events) is data and no change that somebody
 * made, and there may be a million of them an hour: it is told by the ledger's versions and the
 * history of events. A file of devices is told when it begins to be taken in, by whoever sent it,
 * and with each piece that is, by the service; its lines do nothing before. That a device without a
 * browser begins a log-in is not told, but who let it in, and what it got. Nothing is told of what
 * ends by itself: codes, links and tokens that expire, mail that was carried.
 *
 * <p>There is no chain of hashes: it would put all changes behind one another. Whoever has to prove
 * that nothing was taken out exports a closed month, which never changes any more, and signs that.
 */
@NullMarked
package io.starling.accounts.audit;

import org.jspecify.annotations.NullMarked;
