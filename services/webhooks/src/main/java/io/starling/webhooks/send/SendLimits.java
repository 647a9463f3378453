package io.starling.webhooks.send;

import io.starling.webhooks.connect.PrivateTargets;
import java.time.Duration;

/**
 * The limits of requests to endpoints.
 *
 * @param attemptTimeout how long an endpoint may take to answer
 * @param inFlight requests under way at once, over all endpoints
 * @param privateTargets which endpoints that are not of the public Internet are allowed
 */
public record SendLimits(Duration attemptTimeout, int inFlight, PrivateTargets privateTargets) {}
