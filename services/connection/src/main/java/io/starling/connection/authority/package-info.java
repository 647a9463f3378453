/**
 * Whose certificates are taken from clients: those of the region's authorities, which stand in
 * files and speak for every device, and those of a product's authorities, which stand in the
 * directory and speak for the devices of that product and for no other.
 *
 * <p>Promises: a handshake is let through only for a certificate that rests on the region's
 * authorities, on those of the product in which the device of its common name is, or, if nobody
 * knows the device, on those of exactly one product that registers such; and CONNECT looks again,
 * since a TLS session may be older than what it rests on. Whoever else has an authority of the same
 * name gains nothing but to be tried, the oldest first and not many. Clients are asked for a
 * certificate as soon as there is any authority, and not told which there are: their number has no
 * limit that a handshake could bear.
 */
@NullMarked
package io.starling.connection.authority;

import org.jspecify.annotations.NullMarked;
