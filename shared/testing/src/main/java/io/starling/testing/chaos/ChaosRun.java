package io.starling.testing.chaos;

import io.starling.testing.Await;
import io.starling.testing.check.Checker;
import io.starling.testing.history.Demand;
import io.starling.testing.history.Demand.Span;
import io.starling.testing.history.Evidence;
import io.starling.testing.history.Publication;
import io.starling.testing.history.SinkLog;
import io.starling.testing.history.SinkRecord;
import io.starling.testing.region.Region;
import io.starling.testing.workload.Rows;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * One run against a region that is started and well. Blocks for all of it: the faults one after the
 * other, each overcome before the next, then time for everything to arrive, then the judgement.
 */
public final class ChaosRun {
  private static final Duration NORMAL_LIMIT = Duration.ofSeconds(90);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
  private static final Duration ARRIVAL_LIMIT = Duration.ofMinutes(5);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Around a fault nothing is asked of a stream that repeats nothing. */
  private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Vertx vertx;
  private final Region region;
  private final ChaosOptions options;
  private final Consumer<String> progress;
  private final Nemesis nemesis;
  private final List<Struck> faults = new ArrayList<>();
  private final List<Span> calm = new ArrayList<>();
  private long begunNanos;
  private long calmSinceNanos;

  /**
   * A run.
   *
   * @param progress told a line for each thing that happens
   */
  public ChaosRun(Vertx vertx, Region region, ChaosOptions options, Consumer<String> progress) {
    this.vertx = vertx;
    this.region = region;
    this.options = options;
    this.progress = progress;
    this.nemesis = new Nemesis(region);
  }

  /** Does all of it. */
  public Outcome run() {
    progress.accept(
        "seed %d: %,d devices, %,.0f events a second"
            .formatted(options.seed(), options.devices(), options.rate()));
    try (var stage = Stage.open(vertx, region, options);
        var memory = MemoryWatch.begin(vertx, region, options.memoryBeyondHeap())) {
      begunNanos = System.nanoTime();
      Await.done(stage.workload().start(options.rate()));
      stage.callers().start(options.callRate());
      calmSinceNanos = System.nanoTime();
      strike(stage);
      var lasted = Duration.ofNanos(System.nanoTime() - begunNanos);
      settle(stage);
      var evidence = evidence(stage, memory);
      return new Outcome(options.seed(), lasted, evidence, faults, Checker.check(evidence));
    }
  }

  private void strike(Stage stage) {
    var plan =
        new FaultPlan(options.seed(), options.faults(), region.nodes().size(), options.pace());
    var end = begunNanos + options.duration().toNanos();
    var fault = plan.next();
    while (System.nanoTime() + fault.calm().plus(fault.hold()).toNanos() - end < 0) {
      pause(fault.calm());
      var struck = strike(stage, fault);
      faults.add(struck);
      if (struck.normal().isEmpty()) {
        progress.accept("no further faults: the region did not become normal");
        return;
      }
      fault = plan.next();
    }
    pause(fault.calm());
  }

  private Struck strike(Stage stage, Fault fault) {
    var at = Duration.ofNanos(System.nanoTime() - begunNanos);
    progress.accept("%s  %s".formatted(Struck.clock(at), fault.text()));
    var stops = fault.kind().stops(region.nodes().size());
    calm.add(new Span(calmSinceNanos, System.nanoTime() - MARGIN_NANOS));
    try (var since = watch(stage)) {
      nemesis.strike(fault);
      pause(fault.hold());
      var held = Duration.ofNanos(System.nanoTime() - since.fromNanos());
      try (var after = watch(stage)) {
        nemesis.undo(fault);
        var normal =
            await(
                () -> since.isComplete() && after.isComplete() && region.status().isWell(),
                NORMAL_LIMIT);
        var took = Duration.ofNanos(System.nanoTime() - after.fromNanos());
        calmSinceNanos = System.nanoTime() + MARGIN_NANOS;
        progress.accept(
            normal
                ? "       normal %.1f s after its end".formatted(took.toMillis() / 1e3)
                : "       NOT NORMAL: " + region.status().verdict());
        var from = stops ? after.fromNanos() : since.fromNanos();
        return new Struck(
            fault,
            stops,
            at,
            held,
            since.firstAck(from),
            since.everyDevice(from),
            since.everySink(from),
            since.slowestSink(),
            normal ? Optional.of(took) : Optional.empty());
      }
    }
  }

  private Watch watch(Stage stage) {
    return Watch.begin(stage.workload().log(), options.devices(), stage.sinks());
  }

  /** Nothing more is sent; what was acknowledged gets the time to arrive everywhere. */
  private void settle(Stage stage) {
    progress.accept("waiting for everything to arrive");
    Await.done(stage.workload().stop());
    stage.callers().stop();
    var _ =
        await(
            () -> Await.get(stage.workload().unanswered()) == 0 && stage.callers().waiting() == 0,
            ANSWER_LIMIT);
    calm.add(new Span(calmSinceNanos, System.nanoTime()));
    var publications = stage.workload().log().all();
    awaitArrivals(
        () -> stage.sinks().stream().mapToInt(SinkLog::count).sum(),
        () -> missing(stage, publications) == 0);
  }

  private long missing(Stage stage, List<List<Publication>> publications) {
    return stage.hook().log().missing(publications, new Demand.Everything())
        + stage.streams().stream()
            .mapToLong(stream -> stream.log().missing(publications, stream.demand(calm)))
            .sum();
  }

  /** Until all is there, or nothing more has come for some time. */
  private void awaitArrivals(IntSupplier arrived, BooleanSupplier done) {
    var end = System.nanoTime() + ARRIVAL_LIMIT.toNanos();
    var last = arrived.getAsInt();
    var lastNanos = System.nanoTime();
    while (!done.getAsBoolean()
        && System.nanoTime() - end < 0
        && System.nanoTime() - lastNanos < options.patience().toNanos()) {
      pause(Duration.ofMillis(500));
      if (arrived.getAsInt() != last) {
        last = arrived.getAsInt();
        lastNanos = System.nanoTime();
      }
    }
  }

  private Evidence evidence(Stage stage, MemoryWatch memory) {
    progress.accept("judging");
    var publications = stage.workload().log().all();
    var sinks = new ArrayList<SinkRecord>();
    sinks.add(stage.hook().log().record(new Demand.Everything()));
    stage.streams().forEach(s -> sinks.add(s.log().record(s.demand(calm))));
    var rows = rows(stage);
    sinks.add(rows.log().record(new Demand.Everything()));
    return new Evidence(
        publications,
        sinks,
        stage.callers().calls(),
        stage.workload().executions(),
        rows.owners(),
        faults.stream().map(struck -> struck.recovery(options.allowance())).toList(),
        memory.samples());
  }

  /** Rows lag behind: read again until none is missing, for a while. */
  private Rows rows(Stage stage) {
    var publications = stage.workload().log().all();
    var end = System.nanoTime() + ARRIVAL_LIMIT.toNanos();
    var lastNanos = System.nanoTime();
    var rows = rows(stage, publications);
    while (rows.log().missing(publications, new Demand.Everything()) > 0
        && System.nanoTime() - end < 0
        && System.nanoTime() - lastNanos < options.patience().toNanos()) {
      pause(Duration.ofSeconds(1));
      var before = rows.log().count();
      rows = rows(stage, publications);
      lastNanos = rows.log().count() == before ? lastNanos : System.nanoTime();
    }
    return rows;
  }

  private Rows rows(Stage stage, List<List<Publication>> publications) {
    return Rows.read(region.database().jdbcUrls(), stage.event(), stage.workload(), publications);
  }

  private static boolean await(BooleanSupplier condition, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  private static void pause(Duration time) {
    var end = System.nanoTime() + time.toNanos();
    for (var left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
