package io.starling.connection.publish;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starling.bootstrap.health.Metrics;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Counts what became of PUBLISH packets; all counters exist from the start. Thread-safe. */
public final class PublishMeters {

  /** What became of an event. */
  enum Result {
    COMMITTED,
    REFUSED,
    OVERLOADED,
    UNAVAILABLE,
    ACCOUNT_LIMIT,
    NODE_LIMIT,
    RESERVED,
    FORBIDDEN,
    CLOUD,
    FALSE_TEXT,
    REPEATED
  }

  private final List<Map<Result, Counter>> byQos;
  private final Counter held;
  private final Timer latency;

  /** Registers the counters. */
  public PublishMeters(MeterRegistry meters) {
    byQos = List.of(counters(meters, "0"), counters(meters, "1"), counters(meters, "2"));
    held =
        Counter.builder("starling.mqtt.publishes.held")
            .description("PUBLISH packets of MQTT 3.1.1 clients that had to wait for their turn")
            .register(meters);
    latency =
        Metrics.latency(
            meters,
            "starling.mqtt.puback.latency",
            "From PUBLISH to PUBACK or PUBREC at the gateway");
  }

  private static Map<Result, Counter> counters(MeterRegistry meters, String qos) {
    var counters = new EnumMap<Result, Counter>(Result.class);
    for (var result : Result.values()) {
      counters.put(
          result,
          Counter.builder("starling.mqtt.publishes")
              .description("PUBLISH packets from clients by what became of them")
              .tag("qos", qos)
              .tag("result", result.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
    return counters;
  }

  void count(int qos, Result result, int times) {
    Objects.requireNonNull(byQos.get(qos).get(result)).increment(times);
  }

  Counter held() {
    return held;
  }

  Timer latency() {
    return latency;
  }
}
