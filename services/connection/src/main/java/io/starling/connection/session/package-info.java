/**
 * Sessions of connected clients, from CONNECT to the end: who holds which, who takes over from
 * whom, when a credential no longer counts, and the requests of other services for them.
 *
 * <p>Promises: the highest epoch owns a session, the loser is told 0x8E; a vanished credential ends
 * its sessions as soon as the node's directory knows, whoever is concerned by a change and nobody
 * else is looked at; the soft map of sessions is told of every beginning and end, in order, and
 * never waited for. A session that is to be kept is taken over from wherever it was before its
 * CONNACK. A will is kept with the session in the relays' log before CONNACK, and what becomes of
 * it is told when the connection is over; the relay publishes it. Who connects again after a
 * connection with a will is let in behind that will; a client that has neither a will nor a kept
 * session itself, and comes to another gateway, does not wait for it. When this gateway sends its
 * clients away their wills wait as if it had died. A drain sends all clients away spread over a
 * time, each with what it published acknowledged if that takes no more than a second.
 *
 * <p>Permissions of a product count from CONNECT to the end. A SUBSCRIBE is granted only if all
 * that its filter can match is allowed, so that no message needs to be asked about; a filter that
 * is refused gets 0x87 in SUBACK, those beside it are granted, and the connection lives on. A will
 * that may not be published refuses the CONNECT (0x87; 5 in MQTT 3.1.1). Once permissions change, a
 * device that has subscribed to more than it still may is disconnected (0x87) by the next sweep; a
 * kept session goes on without the subscriptions that are not allowed when it is attached, and they
 * come back if they are allowed again before the client subscribes anew. A device whose product
 * this node does not know yet is told to try again (0x88).
 */
@NullMarked
package io.starling.connection.session;

import org.jspecify.annotations.NullMarked;
