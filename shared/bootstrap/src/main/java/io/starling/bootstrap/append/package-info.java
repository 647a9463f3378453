/**
 * How events get from where they enter to the leader of their shard: batched while the one before
 * is under way, in order, acknowledged when committed.
 */
@NullMarked
package io.starling.bootstrap.append;

import org.jspecify.annotations.NullMarked;
