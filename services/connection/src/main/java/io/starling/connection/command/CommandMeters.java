package io.starling.connection.command;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts requests to devices; all counters exist from the start. Thread-safe. */
public final class CommandMeters {
  private final Counter answered;
  private final Counter silent;
  private final Counter busy;

  /** Registers the counters. */
  public CommandMeters(MeterRegistry meters) {
    answered = counter(meters, "answered");
    silent = counter(meters, "silent");
    busy = counter(meters, "busy");
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("starling.device.requests")
        .description("Requests to devices by what became of them")
        .tag("result", result)
        .register(meters);
  }

  Counter answered() {
    return answered;
  }

  Counter silent() {
    return silent;
  }

  Counter busy() {
    return busy;
  }
}
