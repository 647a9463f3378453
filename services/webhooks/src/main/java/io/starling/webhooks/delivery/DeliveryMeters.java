package io.starling.webhooks.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starling.bootstrap.health.Metrics;
import io.starling.webhooks.send.Attempt;
import java.util.concurrent.TimeUnit;

/** The meters of deliveries. */
final class DeliveryMeters {
  private final Counter delivered;
  private final Counter refused;
  private final Counter unavailable;
  private final Counter impossible;
  private final Counter givenUp;
  private final Counter dropped;
  private final Counter lost;
  private final Timer latency;

  DeliveryMeters(MeterRegistry registry) {
    delivered = attempts(registry, "delivered");
    refused = attempts(registry, "refused");
    unavailable = attempts(registry, "unavailable");
    impossible = attempts(registry, "impossible");
    givenUp =
        Counter.builder("starling.webhooks.given_up")
            .description("Deliveries that ended without being taken")
            .register(registry);
    dropped =
        Counter.builder("starling.webhooks.dropped")
            .description("Deliveries forgotten because their integration is gone")
            .register(registry);
    lost =
        Counter.builder("starling.webhooks.lost")
            .description("Deliveries given up that are not kept as dead letters")
            .register(registry);
    latency =
        Metrics.latency(
            registry, "starling.webhooks.latency", "From published to taken by the endpoint");
  }

  private static Counter attempts(MeterRegistry registry, String outcome) {
    return Counter.builder("starling.webhooks.attempts")
        .description("Requests to endpoints, by outcome")
        .tag("outcome", outcome)
        .register(registry);
  }

  void attempted(Attempt attempt) {
    switch (attempt) {
      case Attempt.Delivered _ -> delivered.increment();
      case Attempt.Refused _ -> refused.increment();
      case Attempt.Unavailable _ -> unavailable.increment();
      case Attempt.Impossible _ -> impossible.increment();
    }
  }

  void taken(long latencyMillis) {
    latency.record(Math.max(0, latencyMillis), TimeUnit.MILLISECONDS);
  }

  void gaveUp(int deliveries) {
    givenUp.increment(deliveries);
  }

  void lost() {
    lost.increment();
  }

  void dropped(int deliveries) {
    dropped.increment(deliveries);
  }
}
