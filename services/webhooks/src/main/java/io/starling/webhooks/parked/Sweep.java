package io.starling.webhooks.parked;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.contract.IntegrationId;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up what is too old, removes what nobody wants any more, and counts the rest. Every node
 * does it; together they do no harm. Belongs to one event loop.
 */
public final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  /** Statements of one kind in a row. */
  private static final int MOST_ROUNDS = 50;

  private final Parking parking;
  private final SweepStore store;

  // For those who look from other threads.
  private volatile Figures figures = new Figures(0, 0, 0);

  /**
   * What there is, as it was when it was looked at last.
   *
   * @param parked deliveries that wait
   * @param dead dead letters
   * @param oldestSeconds the age of the oldest event that waits
   */
  public record Figures(long parked, long dead, long oldestSeconds) {}

  /** A sweep of what is parked. */
  public Sweep(Parking parking, MeterRegistry registry) {
    this.parking = parking;
    this.store = parking.sweepStore;
    gauge(registry, "parked_deliveries", "Deliveries that left the journal", Figures::parked);
    gauge(registry, "dead_letters", "Deliveries given up and kept", Figures::dead);
    gauge(registry, "parked_seconds", "Age of the oldest parked event", Figures::oldestSeconds);
  }

  private void gauge(
      MeterRegistry registry, String name, String help, ToLongFunction<Figures> value) {
    Gauge.builder("starling.webhooks." + name, this, self -> value.applyAsLong(self.figures))
        .description(help)
        .register(registry);
  }

  /** What there is. */
  public Figures figures() {
    return figures;
  }

  /** Counts. To be called now and then; does not fail. */
  public Future<Void> count() {
    return parking.isReady()
        ? quietly(store.figures().onSuccess(now -> figures = now))
        : Future.succeededFuture();
  }

  /** Sweeps. To be called now and then; does not fail. */
  public Future<Void> turn() {
    if (!parking.isReady()) {
      return Future.succeededFuture();
    }
    var now = parking.clock.instant();
    return quietly(
        all(() -> store.expire(now), MOST_ROUNDS)
            .compose(
                _ -> all(() -> store.forget(now.minus(parking.limits.keepDead())), MOST_ROUNDS))
            .compose(_ -> store.orphans())
            .compose(this::drop));
  }

  /** Gone is what neither the database nor the directory knows: one of them may be behind. */
  private Future<?> drop(List<IntegrationId> orphans) {
    Future<Void> done = Future.succeededFuture();
    for (var orphan : orphans) {
      if (parking.matcher.find(orphan).isEmpty()) {
        done = done.compose(_ -> all(() -> store.drop(orphan), MOST_ROUNDS));
      }
    }
    return done;
  }

  private static Future<Void> all(Supplier<Future<Integer>> some, int rounds) {
    return some.get()
        .compose(
            count ->
                count < SweepStore.MOST || rounds == 1
                    ? Future.succeededFuture()
                    : all(some, rounds - 1));
  }

  private static Future<Void> quietly(Future<?> work) {
    return work.<Void>mapEmpty()
        .otherwise(
            cause -> {
              LOG.info("What is parked cannot be looked through for now: {}", cause.getMessage());
              return null;
            });
  }
}
