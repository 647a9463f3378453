/**
 * One request to an endpoint: how it is sent, and what an answer means.
 *
 * <p>Promises: a request ends within its time, whatever the other side and the name servers do; its
 * {@code webhook-id} is the caller's, and it is signed by every live key of its integration. Reads
 * at most 100 KiB of an answer. Knows nothing of what a delivery is owed to. Belongs to one event
 * loop.
 */
@NullMarked
package io.starling.webhooks.send;

import org.jspecify.annotations.NullMarked;
