/**
 * Following the shards of the journal: which events are read for whom, and where the cursors stand.
 *
 * <p>Owns all cursors of every shard whose names start with {@code webhooks}; which process follows
 * a shard is told by the shard's leader. Promises: no cursor passes an event whose deliveries are
 * not finished, so that a crash at any moment only repeats; what one integration holds up holds up
 * nobody else.
 *
 * <p>The lease is soft: a process that freezes and goes on, or a cluster that is split, leaves two
 * that believe to follow one shard. So nobody touches the cursors that another goes by: each life
 * of a follower has a set of its own, begun as a copy of the latest one ({@link
 * io.starling.webhooks.shard.CursorSet}); who finds a later set than its own begins anew. Two that
 * follow one shard therefore repeat deliveries, and lose none whoever of them dies. Belongs to one
 * event loop.
 */
@NullMarked
package io.starling.webhooks.shard;

import org.jspecify.annotations.NullMarked;
