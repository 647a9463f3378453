/**
 * Who may connect: decided from the local directory alone, at once, so that a CONNECT never waits
 * for a database, another node or another thread.
 *
 * <p>Promises: an unknown device takes the same path and the same time as a wrong secret; secrets
 * are compared by their hashes and never written anywhere. A device that nobody owns is known but
 * not let in, because it has no topic space. A client with a certificate is who it says, a device
 * by its id in the common name: it needs no password, one that it sends is not looked at, and
 * another user name or client id is refused. The authorities are the region's, looked at by TLS;
 * which of them may speak for a product is for the directory to say once it has a place for that. A
 * certificate of a device that is not known is refused: nothing is registered by it.
 */
@NullMarked
package io.starling.connection.credential;

import org.jspecify.annotations.NullMarked;
