/**
 * The device broker: the region's journal and everything that is fed from it.
 *
 * <p>Owns the journal's folder, the bus addresses {@code relay.<node>}, {@code directory}, {@code
 * sessions.<node>} and {@code retained.<node>}, and the tables of the schema {@code relay}.
 * Promises: an append is answered once its events are on disk at a majority; only a shard's leader
 * serves its readers; the database gets each event once, in the order of its shard. Works with
 * every database down.
 *
 * <p>Rooms: {@code shard} (append, read, cursors), {@code route} (who wants to see what, live
 * fan-out), {@code drain} (into PostgreSQL), {@code directory} (the directory log and its state),
 * {@code session} (the log of persistent sessions and its state), {@code retained} (the same of
 * retained messages).
 */
@NullMarked
package io.starling.relay;

import org.jspecify.annotations.NullMarked;
