package io.starling.webhooks.delivery;

import java.time.Duration;

/**
 * The limits of deliveries.
 *
 * @param attemptTimeout how long an endpoint may take to answer
 * @param retries when to try again, and how long
 * @param inFlight requests under way at once, over all endpoints
 * @param inFlightEach requests under way at once to one endpoint
 * @param memoryBytes what unfinished deliveries may hold
 * @param privateTargets whether endpoints on loopback, private and link-local addresses are allowed
 */
public record DeliveryLimits(
    Duration attemptTimeout,
    RetryPolicy retries,
    int inFlight,
    int inFlightEach,
    long memoryBytes,
    boolean privateTargets) {

  /** Rules over several values. */
  public DeliveryLimits {
    if (inFlightEach > inFlight) {
      throw new IllegalArgumentException("one endpoint cannot have more in flight than all");
    }
  }
}
