/**
 * One request to an endpoint: whom it may go to, how it is sent, and what an answer means.
 *
 * <p>Promises: a request ends within its time, whatever the other side does; its {@code webhook-id}
 * is the caller's. Refuses redirects, reads at most 100 KiB of an answer, and keeps away from
 * private addresses where these are not allowed. Knows nothing of what a delivery is owed to.
 * Belongs to one event loop.
 */
@NullMarked
package io.starling.webhooks.send;

import org.jspecify.annotations.NullMarked;
