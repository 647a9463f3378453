/**
 * The webhooks service: brings events to customers' servers, at least once.
 *
 * <p>Owns the schema {@code webhooks}, the bus address {@code webhooks}, and in each shard's
 * journal the cursors whose names start with {@code webhooks}. What is owed is what stands in the
 * journal behind its cursors, and what of that was parked in the table {@code webhooks.delivery}
 * because its endpoint is down. Works with every database down, but for changing integrations and
 * for what is parked. Any number of processes may run it; each shard is followed by one of them.
 *
 * <p>A change replaces an integration's whole configuration. What was owed by then keeps its
 * webhook-id and is delivered by the new one. While an integration is {@code disabled} it is
 * paused: what was published before waits, parked, for as long as any delivery may wait ({@code
 * STARLING_WEBHOOK_MAX_AGE}), and goes on when it is enabled; what is published meanwhile is not
 * owed. The clock of the database says when it was switched, that of the gateway when an event was
 * published.
 *
 * <p>Rooms: {@code integration} (configuration), {@code match} (which integrations an event is
 * for), {@code filter} (conditions on its data), {@code attempt} (the log), {@code request} (what
 * is sent), {@code credential} (by what it shows whose it is), {@code connect} (to which
 * addresses), {@code token} (OAuth 2.0), {@code send} (one request), {@code delivery} (attempts and
 * their limits), {@code response} (what is told of them), {@code shard} (reading the journal,
 * cursors), {@code parked} (what left the journal), {@code note} (what the journal and the database
 * know of each other), {@code redelivery} (what people ask to be sent again), {@code sink}
 * (brokers).
 */
@NullMarked
package io.starling.webhooks;

import org.jspecify.annotations.NullMarked;
