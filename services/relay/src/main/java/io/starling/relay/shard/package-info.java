/**
 * The journal's shards as the bus sees them: append, read, cursors. Refuses before acknowledging,
 * by class, while the disk fills up.
 */
@NullMarked
package io.starling.relay.shard;

import org.jspecify.annotations.NullMarked;
