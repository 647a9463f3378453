/**
 * What the journal and the database know of each other, so that neither has to be believed alone:
 * the journal has notes of which integrations have rows in a database of which term ({@link
 * io.starling.webhooks.note.Notes}), the database the positions up to which a shard's deliveries
 * had ended or stood in it ({@link io.starling.webhooks.note.PositionStore}, the table {@code
 * webhooks.position}).
 *
 * <p>Promises: a note stands before the first row is written, and goes only when the journal has
 * nothing any more of the time of the last one; positions are never ahead of what is committed, and
 * never written to a database of another term than the notes were compared with. Belongs to one
 * event loop.
 */
@NullMarked
package io.starling.webhooks.note;

import org.jspecify.annotations.NullMarked;
