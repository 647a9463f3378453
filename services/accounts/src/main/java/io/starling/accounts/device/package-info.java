/**
 * Devices: made in a product, claimed, named, released; and registered by the certificate that they
 * show, into quarantine.
 *
 * <p>A device in quarantine belongs to its product's owner, so that nobody else claims it, and is
 * let in by no gateway before it is approved. One that was denied stays, so that it does not
 * register again; both together at most 10,000 in a product.
 */
@NullMarked
package io.starling.accounts.device;

import org.jspecify.annotations.NullMarked;
