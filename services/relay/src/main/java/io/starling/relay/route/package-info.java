/**
 * Who wants to see what, and the live way of events to them. All of it is soft: holders repeat
 * their interests, and are forgotten when they fall silent.
 */
@NullMarked
package io.starling.relay.route;

import org.jspecify.annotations.NullMarked;
