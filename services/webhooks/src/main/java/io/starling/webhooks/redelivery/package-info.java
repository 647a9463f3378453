/**
 * What people see of parked deliveries and dead letters, and how they have them sent again. Reads
 * and changes the rows of the room {@code parked}; answers {@code DeliveriesRequest} at {@code
 * deliveries}.
 *
 * <p>Promises: what is sent again bears the {@code webhook-id} that it always had; one request
 * costs a bounded number of rows. Refuses nothing to those who ask: whose an integration is, the
 * API has looked at.
 */
@NullMarked
package io.starling.webhooks.redelivery;

import org.jspecify.annotations.NullMarked;
