/**
 * Who did what, and who was refused: {@code starling.audit}.
 *
 * <p>Changes are kept there by the transactions that make them (see {@code Deeds}); a transaction
 * that took a lock and then found nothing to do is kept too, as one without targets of the change
 * log. Refusals come in batches from the edges, which count those that are alike, and are kept
 * here. Rows are only ever added: triggers refuse whatever else, also to the tables' owner. What is
 * over goes by dropping a month.
 *
 * <p>There is no chain of hashes: it would put all changes behind one another. Whoever has to prove
 * that nothing was taken out exports a closed month, which never changes any more, and signs that.
 */
@NullMarked
package io.starling.accounts.audit;

import org.jspecify.annotations.NullMarked;
