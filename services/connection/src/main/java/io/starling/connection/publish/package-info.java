/**
 * What clients publish, on its way into the journal: which topics are events, the order of
 * acknowledgements, and what became of each event.
 *
 * <p>Promises: a PUBLISH of QoS 1 or 2 is acknowledged (PUBACK, PUBREC) when its event is
 * committed, in the order of the session's PUBLISH packets (MQTT 5, section 4.6), refused ones
 * included; a repeated PUBLISH whose packet id is still open is the same event, at QoS 2 until its
 * PUBREL. What a publisher says with its message goes into the journal with it. One with RETAIN is
 * kept in the log of retained messages first and appended then, what comes behind it waits: whoever
 * subscribes too late to get it live finds it there. Refuses names below {@code spark} and {@code
 * particle} (reserved) and topics that are no names. Topics that start with {@code $} are never
 * events. PUBACK does not say that nobody has subscribed (0x10): the database, streams and webhooks
 * have.
 *
 * <p>What the permissions of its product do not allow a device is refused like a reserved name:
 * PUBACK or PUBREC with 0x87, to an MQTT 3.1.1 client with success (3.1.1, section 3.3.5, leaves
 * that or closing; a device that is closed sends the same again), dropped at QoS 0, counted always.
 * What it says to the cloud below {@code $cloud/} is not an event and always allowed.
 *
 * <p>Quotas: events of an account by the second, bytes of a node that wait for the journal. Beyond
 * them QoS 0 is dropped and counted, QoS 1 and 2 get 0x97; an MQTT 3.1.1 client is not read from
 * until there is room, five seconds at most, and then disconnected. What was acknowledged is
 * stored.
 */
@NullMarked
package io.starling.connection.publish;

import org.jspecify.annotations.NullMarked;
