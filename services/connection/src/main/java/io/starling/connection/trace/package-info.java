/**
 * What an operator sees of the packets of one device, or of one topic, while they pass: switched on
 * at a running node over the health port ({@code POST /trace}), streamed as lines of JSON, and over
 * by itself. Reaches all gateways of the node.
 *
 * <p>Promises: a line says who, when, which packet, which topic, how many bytes and which reason
 * code. Payloads, passwords, tokens, user names and properties cannot be in one: {@link
 * io.starling.connection.trace.Sighting} has no place for them. Four traces at once, sixty minutes
 * each, 200 lines a second each, a thousand lines ahead of who reads them; what is left out beyond
 * that is counted and told. Nobody waits for a trace. While there is none a packet costs the read
 * of one field.
 *
 * <p>Refuses: everybody but a caller on this machine ({@link io.starling.connection.trace.Caller}).
 * The health port asks nobody who he is, so it is the address that counts: loopback, or this node's
 * own (an operator on the machine, {@code kubectl exec} or {@code port-forward}); not what a proxy
 * on the machine passes on, and no page in a browser on it.
 */
@NullMarked
package io.starling.connection.trace;

import org.jspecify.annotations.NullMarked;
