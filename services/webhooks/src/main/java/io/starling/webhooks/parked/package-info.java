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
 * <p>An integration that wants order is not parked: what it is owed waits in the journal, for three
 * hours at most, and is a dead letter then.
 */
@NullMarked
package io.starling.webhooks.parked;

import org.jspecify.annotations.NullMarked;
