/**
 * The bytes of MQTT 3.1, 3.1.1 and 5: what a client may send becomes a {@link
 * io.starling.connection.wire.Packet}, or a {@link io.starling.connection.wire.Malformed} that says
 * what is wrong with it; packets become bytes. No sockets, no threads, no sessions.
 *
 * <p>Promises: reads nothing beyond the length that a packet states, believes no length above the
 * limit, and never throws because of bytes. Refuses all that MQTT 5 calls malformed or a protocol
 * error within one packet, and control characters (sections 1.5.4, 4.7.3: a server may) in client
 * ids, user names, topic names and filters.
 *
 * <p>Where the specification names a reason code it is that one, though Mosquitto's sequences
 * expect another: a property where it does not belong is 0x81 (section 2.2.2.2; they: 0x82, but in
 * SUBSCRIBE 0x81); SUBSCRIBE and UNSUBSCRIBE without a filter, QoS or retain handling 3, a
 * subscription identifier of 0 and a PUBLISH without topic and alias are 0x82; flags of AUTH 0x81.
 * A subscription identifier from a client is refused. Where it leaves the choice it is theirs: who
 * speaks neither version is answered as MQTT 3.1.1 demands, a wildcard in a topic name is 0x81, a
 * CONNECT whose user name or password cannot be read is not answered, neither is a DISCONNECT with
 * an unknown code. Two choices are ours: a client id that is no text is told so in MQTT 5 (0x85,
 * like Mosquitto 2.1), and bytes too many in a PINGREQ are told before the connection closes.
 */
@NullMarked
package io.starling.connection.wire;

import org.jspecify.annotations.NullMarked;
