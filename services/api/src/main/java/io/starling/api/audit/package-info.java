/**
 * What is told of the audit, and what the edge tells it: who was refused.
 *
 * <p>Refusals that are alike are counted in one row, and sent every ten seconds. However many there
 * are, there are no more than {@code RefusalCounter.MOST} rows in that time, of which one account
 * and all who are nobody have so many each: what comes on top is counted without its details.
 * Nobody waits for any of it. Without a database they are counted on, in the same bounds; a process
 * that dies takes the last ten seconds along.
 */
@NullMarked
package io.starling.api.audit;

import org.jspecify.annotations.NullMarked;
