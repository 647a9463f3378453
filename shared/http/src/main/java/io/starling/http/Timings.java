package io.starling.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starling.bootstrap.health.Metrics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How long requests took, by route and class of status. Belongs to one context. */
final class Timings {
  private final MeterRegistry registry;
  private final Map<Key, Timer> timers = new HashMap<>();

  private record Key(String method, String route, int statusClass) {}

  Timings(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Takes one in.
   *
   * @param route the pattern, never the path: paths are endless and may carry secrets
   */
  void record(String method, String route, int status, long nanos) {
    timers
        .computeIfAbsent(new Key(method, route, status / 100), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Key key) {
    return Metrics.latency(
        registry,
        "starling.http.requests",
        "HTTP requests from their head to the end of the answer; streams to their beginning",
        "method",
        key.method(),
        "route",
        key.route(),
        "status",
        key.statusClass() + "xx");
  }
}
