/**
 * What clients are sent: subscriptions per account, the fan-out of live events to sessions, and a
 * bounded outbox per session.
 *
 * <p>Promises: one copy of an event per session, with the highest QoS and all identifiers of its
 * matching subscriptions, and not above the QoS that it was published at, and one more for each
 * shared subscription whose turn it is ({@code group} says whose that is); a message of QoS 1 or 2
 * is in flight at most within the client's receive maximum, under a packet id that nothing else in
 * flight has. An event of an app goes out as it came; a device's says in user properties which that
 * is and when. What has expired is not sent, unless it was sent before. Bounded: a client that
 * reads too slowly loses QoS 0 messages (counted), and is disconnected with 0x97 when its other
 * messages no longer fit; unless its session is kept, then it falls behind and reads the journal at
 * its own pace.
 */
@NullMarked
package io.starling.connection.delivery;

import org.jspecify.annotations.NullMarked;
