/**
 * Retained messages on their way to new subscriptions (MQTT 5, sections 3.3.1.3 and 3.8.3.1), page
 * by page as the client takes them. They are asked for once the relays know of the subscription,
 * and what comes live meanwhile takes the place of what was kept: a client's last message of a
 * topic is the latest one. Keeping them is the room {@code publish}.
 *
 * <p>A subscription whose retained messages cannot be had in time ends its session, so that the
 * client asks again. Those that a client had not acknowledged when its connection ended do not come
 * again with its kept session.
 */
@NullMarked
package io.starling.connection.retained;

import org.jspecify.annotations.NullMarked;
