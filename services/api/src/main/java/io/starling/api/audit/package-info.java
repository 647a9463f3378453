/**
 * What is told of the audit, and what the edge tells it: who was refused.
 *
 * <p>The first refusal of a kind is sent at once; those that are alike and follow it are counted in
 * one row, and sent after ten seconds. However many there are, there are no more than {@code
 * RefusalCounter.MOST} kinds in that time, of which one account and all who are nobody have so many
 * each: what comes on top is counted without its details. Nobody waits for any of it. Without a
 * database they are counted on, in the same bounds. A process that dies takes along how often what
 * it has told of was repeated in the last ten seconds, and what no database has taken.
 */
@NullMarked
package io.starling.api.audit;

import org.jspecify.annotations.NullMarked;
