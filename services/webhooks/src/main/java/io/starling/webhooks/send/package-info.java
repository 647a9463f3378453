/**
 * One request to an endpoint: whom it may go to, how it is sent, and what an answer means.
 *
 * <p>Promises: a request ends within its time, whatever the other side and the name servers do; its
 * {@code webhook-id} is the caller's. A host is looked up once for each request, all its addresses
 * are looked at, and the connection goes to one of them, kept ones included; private ones are kept
 * away from unless {@link PrivateTargets} allows them. Refuses redirects and addresses in unusual
 * spellings, reads at most 100 KiB of an answer. Knows nothing of what a delivery is owed to.
 * Belongs to one event loop.
 */
@NullMarked
package io.starling.webhooks.send;

import org.jspecify.annotations.NullMarked;
