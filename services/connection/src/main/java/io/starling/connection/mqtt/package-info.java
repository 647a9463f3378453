/**
 * The wire: the only room that knows vertx-mqtt. Everything else sees a {@link
 * io.starling.connection.mqtt.Link} (what may be sent to a client), {@link
 * io.starling.connection.mqtt.Packets} (what comes from it) and codes that mean the same in MQTT
 * 3.1.1 and 5.
 *
 * <p>Promises: packets of one connection are handed over in order, on the event loop that opened
 * the listener; nothing is acknowledged by itself; connections are taken from the listening socket
 * only as fast as the loops get them ready. Refuses malformed packets with 0x81, 0x90, 0x95 where
 * vertx-mqtt tells of them; it closes bare on a second CONNECT and on keep-alive timeout.
 */
@NullMarked
package io.starling.connection.mqtt;

import org.jspecify.annotations.NullMarked;
