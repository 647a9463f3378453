/**
 * Sessions that outlive their connection, and their gateway (MQTT 5, section 4.1). Kept in the
 * relays' log of sessions: the subscriptions, and where the session stands in each shard. The queue
 * is the journal itself: what a session has not acknowledged is read again from there.
 *
 * <p>Promises: a message that matches a filter of a session above QoS 0 and was committed after its
 * SUBACK is delivered at least once, in the order of its shard, to whichever gateway the client
 * comes, as long as the journal keeps it. A client that reads slowly falls behind and costs no
 * memory. QoS 0 messages are for those who keep up.
 *
 * <p>Packets under way (section 4.4): a gateway that lets go of a session tells the log what was
 * under way, and the next one goes on with it: the same packet ids, DUP, PUBREL where the client
 * has the message; a QoS 2 PUBLISH that it received is not published again. So QoS 2 is exactly
 * once as long as gateways live to say so. Nothing is written per message: what a gateway that
 * died, or that was not asked because the client came to another one first, knew last is not
 * believed, for a packet id that was free again by then would cost a message. Then what was not
 * acknowledged, and about the last second before a death, comes again under new packet ids, and a
 * QoS 2 PUBLISH that the client repeats is a second event.
 */
@NullMarked
package io.starling.connection.persistent;

import org.jspecify.annotations.NullMarked;
