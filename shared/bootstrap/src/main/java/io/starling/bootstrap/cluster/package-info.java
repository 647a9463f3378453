/**
 * Soft state that its owners can rebuild: which gateway holds a session, which node leads a shard.
 * Every call is bounded in time; nothing here stands between PUBLISH and PUBACK.
 */
@NullMarked
package io.starling.bootstrap.cluster;

import org.jspecify.annotations.NullMarked;
