/**
 * Deliveries that left the journal: those that wait for an endpoint that is down, and those that
 * were given up. They stand in PostgreSQL, a row each, under their {@code webhook-id}.
 *
 * <p>Promises: nothing leaves the journal before the row is committed, and no row goes away before
 * its endpoint has taken it, its integration is gone or its time as a dead letter is over; a crash
 * at any moment only repeats, under the same {@code webhook-id}. While the database is down
 * everything stays where it is. What is parked is sent by the same dispatcher, within the limits of
 * its endpoint, and takes turns with what is new.
 *
 * <p>Where an integration wants order, all that its lane holds and reads goes the same way once the
 * endpoint is down, or a single device is held up, and comes out of the database in the order of
 * the journal; a delivery that fails waits in memory then and holds its device. Nothing newer is
 * delivered past the rows: that there are some is a note in the journal ({@link
 * io.starling.webhooks.note.Notes}), so that it is known without the database. While that is away
 * such an integration waits; one that has no rows does not.
 *
 * <p>A database that was restored, or promoted without the latest, has a higher term than the one
 * that the notes were written for. What it lacks is parked again out of the journal: of each
 * integration with a note all events from {@code webhooks.position} on, which every shard's
 * follower writes every few seconds. So what was parked since the backup is not lost as long as the
 * journal's retention reaches back to it, and some of it comes twice. Listing what is parked tells
 * of an ordered row's attempts only when it has ended; the log of attempts tells each.
 */
@NullMarked
package io.starling.webhooks.parked;

import org.jspecify.annotations.NullMarked;
