package io.starling.journal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The journal's meters; removed from the registry when it closes. */
final class JournalMeters {
  private final MeterRegistry registry;
  private final List<Meter> registered = new ArrayList<>();

  JournalMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void gauge(String name, String help, Supplier<Number> value) {
    registered.add(Gauge.builder(name, value).description(help).register(registry));
  }

  OfLog log(String log) {
    Timer commit =
        Timer.builder("journal.commit")
            .description("From append to committed")
            .tag("log", log)
            .publishPercentileHistogram()
            .register(registry);
    OfLog meters =
        new OfLog(
            commit,
            counter("journal.entries", "Raft entries written by this leader", log),
            counter("journal.records", "Payloads committed by this leader", log),
            counter("journal.bytes", "Payload bytes committed by this leader", log));
    registered.addAll(List.of(commit, meters.entries, meters.records, meters.bytes));
    return meters;
  }

  private Counter counter(String name, String help, String log) {
    return Counter.builder(name).description(help).tag("log", log).register(registry);
  }

  void gauge(String name, String help, String log, Supplier<Number> value) {
    registered.add(Gauge.builder(name, value).description(help).tag("log", log).register(registry));
  }

  void close() {
    registered.forEach(registry::remove);
    registered.clear();
  }

  /** Meters of one log. */
  record OfLog(Timer commit, Counter entries, Counter records, Counter bytes) {
    void committed(long nanos) {
      commit.record(nanos, TimeUnit.NANOSECONDS);
    }

    void entry(int payloads, long payloadBytes) {
      entries.increment();
      records.increment(payloads);
      bytes.increment((double) payloadBytes);
    }
  }
}
