/**
 * The wire's connections: sockets and WebSockets on one side, and on the other a {@link
 * io.starling.connection.mqtt.Link} (what may be sent to a client), {@link
 * io.starling.connection.mqtt.Packets} (what comes from it) and codes that mean the same in MQTT
 * 3.1.1 and 5. Bytes are {@code wire}'s. Vert.x accepts the connections; from there on they are
 * Netty's, since its sockets cost more memory than a session and flush each message.
 *
 * <p>Before the first packet stand, in this order: the header of a trusted proxy, the limits of
 * {@code guard}, TLS, WebSocket. All of them together, and CONNECT, must be over within {@code
 * STARLING_MQTT_CONNECT_TIMEOUT}: one clock finds whoever stalls anywhere. Certificates that change
 * are for new connections. A WebSocket must offer MQTT as its subprotocol; the page it comes from
 * matters only if {@code STARLING_WEBSOCKET_ORIGINS} says so, since credentials are in CONNECT and
 * not in cookies.
 *
 * <p>Promises: packets of one connection are handed over in order, on the event loop that opened
 * the listener; nothing is acknowledged by itself; one write for all that is said to a client in a
 * turn of the loop; a client that does not read is not read from; the last packet reaches the
 * client; connections are taken from the listening socket only as fast as the loops get them ready.
 */
@NullMarked
package io.starling.connection.mqtt;

import org.jspecify.annotations.NullMarked;
