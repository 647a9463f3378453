/**
 * Many virtual devices that publish at a rate: numbered messages, counts, latencies, and the
 * comparison of what was acknowledged with what arrived.
 *
 * <p>The rate is kept whatever the server does (open loop); latencies count from the moment at
 * which a message was due, so a stalled server cannot hide its stall (coordinated omission).
 */
@NullMarked
package io.starling.testing.fleet;

import org.jspecify.annotations.NullMarked;
