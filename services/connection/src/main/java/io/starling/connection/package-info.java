/**
 * The device gateway: holds the MQTT connections of devices and apps, makes events of what they
 * publish and acknowledges them when they are committed, sends them what they subscribed to, and
 * passes the cloud's requests to devices.
 *
 * <p>Serves {@code gateway.<node>-<instance>} and {@code live.<node>-<instance>} on the bus. Asks
 * relays to append and tells them its subscriptions; writes the soft map {@code sessions}.
 * Everything is on one event loop per instance; instances of a node share their quotas only. Rooms:
 * {@code wire} (bytes and packets), {@code mqtt} (connections and packets), {@code tls}
 * (certificates), {@code guard} (limits by address and name), {@code admission}, {@code
 * credential}, {@code session}, {@code persistent}, {@code publish}, {@code delivery}, {@code
 * retained}, {@code command}. Keeps nothing on disk; has no database, so that no wave of clients
 * can reach one through it.
 */
@NullMarked
package io.starling.connection;

import org.jspecify.annotations.NullMarked;
