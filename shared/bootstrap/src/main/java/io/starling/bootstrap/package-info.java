/**
 * What every process needs to start and to stop: typed settings, Vert.x, the bus, soft state of the
 * cluster, health and metrics.
 *
 * <p>Rooms: {@code settings} (environment to records), {@code bus} (ask, serve, hint), {@code
 * cluster} (who holds which session, who leads which shard), {@code append} (the way of events into
 * a shard), {@code interest} (telling relays what a node wants to see), {@code health} (port 9090).
 */
@NullMarked
package io.starling.bootstrap;

import org.jspecify.annotations.NullMarked;
