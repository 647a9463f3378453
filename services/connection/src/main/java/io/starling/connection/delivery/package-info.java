/**
 * What clients are sent: subscriptions per account, the fan-out of live events to sessions, and a
 * bounded outbox per session.
 *
 * <p>Promises: one copy of an event per session, with the highest QoS of its matching filters; a
 * QoS 1 message is in flight at most within the client's receive maximum, under a packet id that
 * nothing else in flight has. Bounded: a client that reads too slowly loses QoS 0 messages
 * (counted), and is disconnected with 0x97 when its QoS 1 messages no longer fit; unless its
 * session is kept, then it falls behind and reads the journal at its own pace.
 */
@NullMarked
package io.starling.connection.delivery;

import org.jspecify.annotations.NullMarked;
