/**
 * Following the shards of the journal: which events are read for whom, and where the cursors stand.
 *
 * <p>Owns the cursors {@code webhooks} (the main one) and {@code webhooks/<integration>} (a lane of
 * its own for what does not keep up) of every shard, and the soft map {@code webhook-shards}, which
 * says which process follows which shard. Promises: no cursor passes an event whose deliveries are
 * not finished, so that a crash at any moment only repeats; what one integration holds up holds up
 * nobody else. Two processes that both believe to follow a shard repeat deliveries but lose none.
 * Belongs to one event loop.
 */
@NullMarked
package io.starling.webhooks.shard;

import org.jspecify.annotations.NullMarked;
