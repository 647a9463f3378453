package io.starling.webhooks.delivery;

import io.starling.webhooks.send.SendLimits;

/**
 * The limits of deliveries.
 *
 * @param sending those of their requests
 * @param retries when to try again, and how long
 * @param inFlightEach requests under way at once to one endpoint
 * @param memoryBytes what unfinished deliveries may hold
 */
public record DeliveryLimits(
    SendLimits sending, RetryPolicy retries, int inFlightEach, long memoryBytes) {

  /** Rules over several values. */
  public DeliveryLimits {
    if (inFlightEach > sending.inFlight()) {
      throw new IllegalArgumentException("one endpoint cannot have more in flight than all");
    }
  }
}
