/**
 * Devices: made in a product, claimed, named, released; and registered by the certificate that they
 * show, into quarantine.
 *
 * <p>A device in quarantine belongs to its product's owner, so that nobody else claims it, and is
 * let in by no gateway before it is approved. One that was denied stays, so that it does not
 * register again; both together at most 10,000 in a product.
 *
 * <p>A claim code is good for one device and a day, is kept as a hash and never in the directory:
 * the device that shows it changes hands if nobody owns it, or only the owner of its product and no
 * customer has it. So is a label's claim secret, which whoever wants the device shows. What a
 * customer of its product claims stays its owner's, and becomes nobody else's; an id alone gives
 * him only what nobody owns, since ids may be guessed.
 *
 * <p>Groups are kept as ids, so that one that is renamed or deleted changes no device.
 */
@NullMarked
package io.starling.accounts.device;

import org.jspecify.annotations.NullMarked;
