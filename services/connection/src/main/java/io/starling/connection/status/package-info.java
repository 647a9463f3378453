/**
 * Devices that come and go, as events {@code spark/status} with the data {@code online} or {@code
 * offline}, as Particle has them: on the account's streams, at its subscribers and webhooks, and as
 * rows, which are the history of a device's connections. What the gateway knows of the connection
 * goes along as user properties: {@code session} (the epoch), {@code gateway}, {@code address},
 * {@code protocol}, {@code transport}, {@code keep_alive}, {@code resumed}; and in the end {@code
 * reason}, {@code code} (of MQTT 5, in hexadecimal digits) and {@code seconds}.
 *
 * <p>They are no acknowledged events: nobody waits for them, they count against no limit of the
 * account, and where the node has only half of its room for events left, or the disk fills, they
 * are dropped first, and counted.
 *
 * <p>A device that is here or elsewhere again is not told of as offline, also if its new connection
 * is then refused; of two connections that overlap, the later {@code online} has the higher epoch.
 * A gateway that dies tells nothing: until a device comes again its history ends with {@code
 * online}, and presence (section 4 of the architecture) shows it as offline once 1.5 x its keep
 * alive has passed.
 */
@NullMarked
package io.starling.connection.status;

import org.jspecify.annotations.NullMarked;
