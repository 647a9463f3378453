package io.starling.postgres;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.AsyncResult;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is measured of a pool, each with the tag {@code pool}: calls by outcome (answered, failed,
 * unavailable), connections in use, whether there is a primary, and how often it changed.
 */
final class PoolMeters {
  private final MeterRegistry registry;
  private final Timer answered;
  private final Timer failed;
  private final Timer unavailable;
  private final Counter changes;
  private final List<Meter> all;

  PoolMeters(MeterRegistry registry, String name, PrimaryPool pool) {
    Tags tags = Tags.of("pool", name);
    this.registry = registry;
    this.answered = registry.timer("starling.database.calls", tags.and("outcome", "answered"));
    this.failed = registry.timer("starling.database.calls", tags.and("outcome", "failed"));
    this.unavailable =
        registry.timer("starling.database.calls", tags.and("outcome", "unavailable"));
    this.changes = registry.counter("starling.database.primary.changes", tags);
    Gauge inUse =
        Gauge.builder("starling.database.pool.in.use", pool, PrimaryPool::inUse)
            .tags(tags)
            .register(registry);
    Gauge up =
        Gauge.builder("starling.database.up", pool, p -> p.health().isUp() ? 1 : 0)
            .tags(tags)
            .register(registry);
    this.all = List.of(answered, failed, unavailable, changes, inUse, up);
  }

  void called(long startNanos, AsyncResult<?> done) {
    Timer timer =
        done.succeeded()
            ? answered
            : done.cause() instanceof DatabaseUnavailable ? unavailable : failed;
    timer.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
  }

  void primaryChanged() {
    changes.increment();
  }

  void close() {
    all.forEach(registry::remove);
  }
}
