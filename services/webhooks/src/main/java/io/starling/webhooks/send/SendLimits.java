package io.starling.webhooks.send;

import java.time.Duration;

/**
 * The limits of requests to endpoints.
 *
 * @param attemptTimeout how long an endpoint may take to answer
 * @param inFlight requests under way at once, over all endpoints
 * @param privateTargets whether endpoints on loopback, private and link-local addresses are allowed
 */
public record SendLimits(Duration attemptTimeout, int inFlight, boolean privateTargets) {}
