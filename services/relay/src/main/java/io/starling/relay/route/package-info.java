/**
 * Who wants to see what, and the live way of events to them. All of it is soft: holders repeat
 * their interests, and are forgotten when they fall silent. Nothing is sent twice to be sure that
 * it arrives: each message says between which positions of the shard it is all there is, so that a
 * holder sees what it missed and reads it.
 */
@NullMarked
package io.starling.relay.route;

import org.jspecify.annotations.NullMarked;
