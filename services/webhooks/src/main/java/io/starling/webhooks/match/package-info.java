/**
 * Which integrations an event owes itself to: those of its account that are switched on, whose
 * event prefix the name starts with, and whose product, device, groups and filter let it through.
 * Events of the cloud itself start none, so that answers of webhooks cannot go in circles. Which
 * groups a device is in is looked up when the event is read: an event that waits for a delivery is
 * matched already.
 *
 * <p>The Directory is asked per event; nothing is queried, and nothing is remembered but compiled
 * templates.
 */
@NullMarked
package io.starling.webhooks.match;

import org.jspecify.annotations.NullMarked;
