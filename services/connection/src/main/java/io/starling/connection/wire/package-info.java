/**
 * The bytes of MQTT 3.1, 3.1.1 and 5: what a client may send becomes a {@link
 * io.starling.connection.wire.Packet}, or a {@link io.starling.connection.wire.Malformed} that says
 * what is wrong with it; packets become bytes. No sockets, no threads, no sessions.
 *
 * <p>Promises: reads nothing beyond the length that a packet states, believes no length above the
 * limit, and never throws because of bytes. Refuses all that MQTT 5 calls malformed or a protocol
 * error within one packet, and control characters (sections 1.5.4, 4.7.3: a server may) in client
 * ids, user names, topic names and filters. Where the specification names a reason code it is that
 * one (a property where it does not belong is 0x81, SUBSCRIBE without a filter is 0x82), though
 * Mosquitto's sequences expect another.
 */
@NullMarked
package io.starling.connection.wire;

import org.jspecify.annotations.NullMarked;
