/**
 * From a delivery (one event owed to one integration) to its end: attempts, back-off, circuit,
 * limits. What is owed stands in the journal or is parked; nothing here is on disk. What parks
 * deliveries, and what keeps those that are given up, is told by {@link
 * io.starling.webhooks.delivery.Departures}.
 *
 * <p>Promises: a delivery ends delivered, given up (counted and told) or forgotten with its
 * integration, never otherwise; its attempts bear one {@code webhook-id}; no integration holds more
 * than its share of what is in flight or in memory. A batch of deliveries is tried as one, and ends
 * as one. Where order is asked for, no event of a device is tried before those that were before it
 * have ended, whatever is let go of and read again meanwhile; a process that takes over repeats
 * some, and begins with the oldest. Belongs to one event loop.
 */
@NullMarked
package io.starling.webhooks.delivery;

import org.jspecify.annotations.NullMarked;
