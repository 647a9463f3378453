package io.starling.webhooks.delivery;

import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of deliveries that were given up: the first one of an integration at once, those that
 * follow it as a number, so that an endpoint that is gone does not fill the log. Belongs to one
 * event loop.
 */
final class GivenUpLog {
  private static final Logger LOG = LoggerFactory.getLogger(GivenUpLog.class);

  // Since it was told last.
  private final Map<IntegrationId, Untold> untold = new HashMap<>();

  /** What followed the first one. */
  private record Untold(int deliveries, String lastReason) {}

  void add(EventId event, IntegrationId integration, String reason) {
    var before = untold.get(integration);
    if (before == null) {
      LOG.warn("Event {} is given up for integration {}: {}", event, integration, reason);
    }
    untold.put(integration, new Untold(before == null ? 0 : before.deliveries + 1, reason));
  }

  /** Tells the numbers, and begins anew. */
  void tell() {
    untold.forEach(
        (integration, more) -> {
          if (more.deliveries > 0) {
            LOG.warn(
                "{} more events are given up for integration {}, the last one: {}",
                more.deliveries,
                integration,
                more.lastReason);
          }
        });
    untold.clear();
  }
}
