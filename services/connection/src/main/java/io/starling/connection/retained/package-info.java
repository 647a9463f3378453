/**
 * Retained messages on their way to new subscriptions (MQTT 5, sections 3.3.1.3 and 3.8.3.1), page
 * by page as the client takes them. They are asked for once the relays know of the subscription,
 * and what comes live meanwhile takes the place of what was kept: a client's last message of a
 * topic is the latest one. Keeping them is the room {@code publish}.
 *
 * <p>A subscription whose retained messages cannot be had in time ends its session, so that the
 * client asks again. Those that the client of a kept session had not acknowledged when its
 * connection ended come again, under new packet ids, when it goes on, from the first page on of
 * which something was open; as with packets under way, what a gateway that died knew of this is
 * lost.
 */
@NullMarked
package io.starling.connection.retained;

import org.jspecify.annotations.NullMarked;
