/**
 * Who may connect: decided from the local directory alone, at once, so that a CONNECT never waits
 * for a database, another node or another thread.
 *
 * <p>Promises: an unknown device takes the same path and the same time as a wrong secret; secrets
 * are compared by their hashes and never written anywhere. A device that nobody owns is known but
 * not let in, because it has no topic space.
 */
@NullMarked
package io.starling.connection.credential;

import org.jspecify.annotations.NullMarked;
