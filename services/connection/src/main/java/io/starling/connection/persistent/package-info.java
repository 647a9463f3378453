/**
 * Sessions that outlive their connection, and their gateway (MQTT 5, section 4.1). Kept in the
 * relays' log of sessions: the subscriptions, and where the session stands in each shard. The queue
 * is the journal itself: what a session has not acknowledged is read again from there.
 *
 * <p>Promises: a message that matches a QoS 1 filter of a session and was committed after its
 * SUBACK is delivered at least once, in the order of its shard, to whichever gateway the client
 * comes, as long as the journal keeps it. A client that reads slowly falls behind and costs no
 * memory. After the death of a gateway about the last second is delivered again, under new packet
 * ids. QoS 0 messages are for those who keep up.
 */
@NullMarked
package io.starling.connection.persistent;

import org.jspecify.annotations.NullMarked;
