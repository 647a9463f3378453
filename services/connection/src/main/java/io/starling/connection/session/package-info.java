/**
 * Sessions of connected clients, from CONNECT to the end: who holds which, who takes over from
 * whom, when a credential no longer counts, and the requests of other services for them.
 *
 * <p>Promises: the highest epoch owns a session, the loser is told 0x8E; a vanished credential ends
 * its sessions as soon as the node's directory knows, whoever is concerned by a change and nobody
 * else is looked at; the soft map of sessions is told of every beginning and end, in order, and
 * never waited for. A session that is to be kept is taken over from wherever it was before its
 * CONNACK. Wills and retained messages are refused by the protocol's means. A CONNECT with a will
 * is refused, because accepting it would promise what nobody keeps. A drain sends all clients away
 * spread over a time, each with what it published acknowledged if that takes no more than a second.
 */
@NullMarked
package io.starling.connection.session;

import org.jspecify.annotations.NullMarked;
