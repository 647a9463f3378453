/**
 * What passes between the cloud and a device below {@code $cloud/}: calls, variables, pings,
 * signals, claim codes, and what a device says of itself.
 *
 * <p>Promises: a request is sent to the device once, never again, and is always answered: by the
 * device, or with silence when its time is over or the connection ends. Request ids cannot be
 * guessed. Refuses more than 32 open requests per device. What a device sends that cannot be
 * understood changes nothing.
 */
@NullMarked
package io.starling.connection.command;

import org.jspecify.annotations.NullMarked;
