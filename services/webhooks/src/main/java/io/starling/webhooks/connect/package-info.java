/**
 * Connections to endpoints: which addresses of a host may be connected to, and the clients that
 * keep connections open.
 *
 * <p>Promises: a host is looked up once for each request, without a thread that waits; all its
 * addresses are looked at, and the connection goes to one of them, kept ones included. Private ones
 * are kept away from unless {@link PrivateTargets} allows them. Refuses redirects and addresses in
 * unusual spellings. Knows nothing of webhooks. Belongs to one event loop.
 */
@NullMarked
package io.starling.webhooks.connect;

import org.jspecify.annotations.NullMarked;
