/**
 * Who may connect: decided from the local directory alone, at once, so that a CONNECT never waits
 * for a database, another node or another thread.
 *
 * <p>Promises: an unknown device takes the same path and the same time as a wrong secret; secrets
 * are compared by their hashes and never written anywhere. A device that nobody owns is known but
 * not let in, because it has no topic space. A client with a certificate is who it says, a device
 * by its id in the common name, if it rests on an authority that speaks for the device's product:
 * it needs no password, one that it sends is not looked at, and another user name or client id is
 * refused. A certificate of a device that is not known is refused; where its authority's product
 * wants that, the accounts service is asked to register the device, bounded in number and time, and
 * it is refused all the same (0x87, or 0x88 while nothing can be written) until it is approved. A
 * device that is in quarantine is known: nobody is asked about it again.
 */
@NullMarked
package io.starling.connection.credential;

import org.jspecify.annotations.NullMarked;
