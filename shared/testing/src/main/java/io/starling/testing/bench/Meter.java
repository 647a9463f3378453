package io.starling.testing.bench;

import io.starling.testing.load.LoadCount;
import io.starling.testing.load.LoadGenerator;
import io.starling.testing.server.ServerUnderTest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Measures a server while a load runs. Blocks its caller. */
final class Meter {
  static final double AGREEMENT = 0.05;
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final double IDLE_PROCESSORS = 0.10;

  private final BenchOptions options;
  private final ServerUnderTest server;
  private final LoadGenerator load;
  private final Results results;

  /** The beginning of an interval whose end is not known yet. */
  record Mark(LoadCount count, CpuReading cpu) {}

  Meter(BenchOptions options, ServerUnderTest server, LoadGenerator load, Results results) {
    this.options = options;
    this.server = server;
    this.load = load;
    this.results = results;
  }

  /**
   * Runs until two consecutive intervals agree within 5 %, or the options' number is reached.
   *
   * @param least intervals in any case: for a while the compiler takes an even third of the CPU
   */
  void warmUp(int least) {
    var last = interval(options.interval());
    for (var n = 1; n < options.warmIntervals(); n++) {
      var next = interval(options.interval());
      if (n + 1 >= least && next.agrees(last, AGREEMENT)) {
        return;
      }
      last = next;
    }
  }

  Interval measure() {
    return interval(options.measured());
  }

  Mark mark() {
    var _ = load.takeLatency();
    var _ = load.takeDelivery();
    return new Mark(load.count(), CpuReading.of(server));
  }

  /** From the mark to now. */
  Interval since(Mark mark) {
    var cpu = CpuReading.of(server).since(mark.cpu());
    results.worst(Metric.OTHERS, cpu.othersPercent());
    return new Interval(
        load.count().since(mark.count()), cpu, load.takeLatency(), load.takeDelivery());
  }

  /** Waits until the server has been nearly idle for two seconds, or the limit is reached. */
  void settle() {
    var deadline = System.nanoTime() + options.settleLimit().toNanos();
    var quiet = 0;
    var last = CpuReading.of(server);
    while (quiet < 4 && System.nanoTime() < deadline) {
      pause(Duration.ofMillis(500));
      var now = CpuReading.of(server);
      quiet = now.since(last).serverProcessors() < IDLE_PROCESSORS ? quiet + 1 : 0;
      last = now;
    }
  }

  private Interval interval(Duration duration) {
    var mark = mark();
    pause(duration);
    return since(mark);
  }

  /** Waits until this is so, or the time is over. */
  static void await(BooleanSupplier isSo, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (!isSo.getAsBoolean() && System.nanoTime() < deadline) {
      pause(LOOK);
    }
  }

  static void pause(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
