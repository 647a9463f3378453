package io.starling.connection.status;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what became of the events about devices that come and go. Thread-safe. */
public final class StatusMeters {
  private final Counter committed;
  private final Counter dropped;

  /** Registers the counters. */
  public StatusMeters(MeterRegistry meters) {
    committed = counter(meters, "committed");
    dropped = counter(meters, "dropped");
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("starling.mqtt.status.events")
        .description("Events spark/status by what became of them")
        .tag("result", result)
        .register(meters);
  }

  void count(boolean isCommitted) {
    (isCommitted ? committed : dropped).increment();
  }
}
