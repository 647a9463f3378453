/**
 * Shared subscriptions (MQTT 5, section 4.8.2) at this gateway, for clients of both versions. Of
 * each event a relay chooses the gateway, this room the member.
 *
 * <p>Promises: a member gets an event at once or not at all, in its turn among those that have
 * room; nothing waits in an outbox. Events that nobody has room for wait here, as many as the relay
 * was told there is room for, and go back to the relay after a second. What a member at QoS 1 has
 * not acknowledged when its connection ends goes to another one here, or back to the relay, in a
 * kept session too (it may, by 4.8.2, and its client may never come again). What was sent at QoS 2
 * goes to nobody else: a kept session completes it when its client comes, with another session it
 * ends. After an answer with an error code nobody else gets it either. What no member was ever sent
 * is not lost by any of this.
 *
 * <p>Each event is said done or given back to its relay exactly once. A kept session is a member
 * while its client is connected: what comes while no member is connected anywhere is for nobody,
 * and its subscription stays. Retained messages are not sent for shared subscriptions.
 */
@NullMarked
package io.starling.connection.group;

import org.jspecify.annotations.NullMarked;
