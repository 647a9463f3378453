/**
 * MQTT as bytes, from the client's side: a streaming frame parser, an encoder of what clients send
 * and a decoder of what servers send, for MQTT 3.1.1 and 5.
 *
 * <p>Small on purpose and independent of the codec that the server uses, so that a mistake there is
 * not hidden by the same mistake here. Refuses what it cannot read with {@link
 * io.starling.testing.wire.MalformedPacket}; never guesses.
 */
@NullMarked
package io.starling.testing.wire;

import org.jspecify.annotations.NullMarked;
