package io.starling.testing.chaos;

import io.starling.testing.Await;
import io.starling.testing.check.Checker;
import io.starling.testing.history.Demand;
import io.starling.testing.history.Demand.Span;
import io.starling.testing.history.Evidence;
import io.starling.testing.history.Publication;
import io.starling.testing.history.Recovery;
import io.starling.testing.history.SinkLog;
import io.starling.testing.history.SinkRecord;
import io.starling.testing.region.Region;
import io.starling.testing.workload.Rows;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * One run against a region that is started and well. Blocks for all of it: the faults one after the
 * other, each overcome before the next, then time for everything to arrive, then the judgement.
 */
public final class ChaosRun {
  private static final int SHOWN = 5;
  private static final Duration NORMAL_LIMIT = Duration.ofSeconds(90);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
  private static final Duration ARRIVAL_LIMIT = Duration.ofMinutes(5);
  private static final double RENAMES_PER_SECOND = 2;
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
    return run(this::strike);
  }

  /**
   * The same, with something else in the place of planned faults.
   *
   * @param script blocks, and tells what came back when
   */
  Outcome run(Function<Stage, List<Recovery>> script) {
    progress.accept(
        "seed %d: %,d devices, %,.0f events a second"
            .formatted(options.seed(), options.devices(), options.rate()));
    try (var stage = Stage.open(vertx, region, options);
        var memory = MemoryWatch.begin(vertx, region, options.memoryBeyondHeap())) {
      begunNanos = System.nanoTime();
      Await.done(stage.workload().start(options.rate()));
      stage.callers().start(options.callRate());
      stage.renamings().start(RENAMES_PER_SECOND);
      calmSinceNanos = System.nanoTime();
      var recoveries = script.apply(stage);
      var lasted = Duration.ofNanos(System.nanoTime() - begunNanos);
      settle(stage);
      var evidence = evidence(stage, memory, recoveries);
      return new Outcome(options.seed(), lasted, evidence, faults, Checker.check(evidence));
    }
  }

  private List<Recovery> strike(Stage stage) {
    var plan =
        new FaultPlan(options.seed(), options.faults(), region.nodes().size(), options.pace());
    pause(options.warmUp());
    var end = System.nanoTime() + options.duration().toNanos();
    var fault = plan.next();
    while (System.nanoTime() + fault.calm().plus(fault.hold()).toNanos() - end < 0) {
      pause(fault.calm());
      var struck = strike(stage, fault);
      faults.add(struck);
      if (struck.normal().isEmpty()) {
        progress.accept("no further faults: the region did not become normal");
        return recoveries();
      }
      fault = plan.next();
    }
    pause(fault.calm());
    return recoveries();
  }

  private List<Recovery> recoveries() {
    return faults.stream().map(struck -> struck.recovery(options.allowance())).toList();
  }

  private Struck strike(Stage stage, Fault fault) {
    var at = Duration.ofNanos(System.nanoTime() - begunNanos);
    progress.accept("%s  %s".formatted(Struck.clock(at), fault.text()));
    var stops = fault.kind().stops(region.nodes().size());
    calm.add(new Span(calmSinceNanos, System.nanoTime() - MARGIN_NANOS));
    try (var since = watch(stage)) {
      nemesis.strike(fault);
      var struckNanos = System.nanoTime();
      pause(fault.hold());
      var untilNanos = System.nanoTime();
      var held = Duration.ofNanos(System.nanoTime() - since.fromNanos());
      try (var after = watch(stage)) {
        nemesis.undo(fault);
        var conditions =
            new Conditions(after.fromNanos())
                .with("devices and sinks", () -> unless(since.isComplete() && after.isComplete()))
                .with("calls", () -> unless(answered(stage, fault, after)))
                .with(
                    "changes",
                    () ->
                        unless(stage.renamings().acknowledgedAfter(after.fromNanos()).isPresent()))
                .with("presence", () -> stage.presences().wrongSince(after.fromNanos()))
                .with("nodes", this::unwell);
        var normal = await(conditions::areMet, NORMAL_LIMIT);
        var took = Duration.ofNanos(System.nanoTime() - after.fromNanos());
        calmSinceNanos = System.nanoTime() + MARGIN_NANOS;
        progress.accept(
            normal
                ? "       normal %.1f s after its end: until then %s"
                    .formatted(took.toMillis() / 1e3, conditions.text())
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
            service(stage, fault, since, untilNanos),
            service(stage, fault, after, System.nanoTime()),
            stage
                .renamings()
                .acknowledgedAfter(struckNanos)
                .map(acked -> Duration.ofNanos(acked - since.fromNanos())),
            normal ? Optional.of(took) : Optional.empty());
      }
    }
  }

  private static Optional<String> unless(boolean well) {
    return well ? Optional.empty() : Optional.of("");
  }

  private Optional<String> unwell() {
    var status = region.status();
    return status.isWell() ? Optional.empty() : Optional.of(status.complaints());
  }

  private static boolean answered(Stage stage, Fault fault, Watch since) {
    return stage
        .callers()
        .answeredAgain(since.fromNanos(), System.nanoTime(), struckNode(fault))
        .isPresent();
  }

  private static int struckNode(Fault fault) {
    return fault.kind().isOfNode() ? fault.node() - 1 : -1;
  }

  /** Until devices, sinks and calls by nodes other than the one that was struck were served. */
  private static Optional<Duration> service(
      Stage stage, Fault fault, Watch since, long untilNanos) {
    var from = since.fromNanos();
    var except = struckNode(fault);
    var callers = stage.callers();
    var calls =
        callers
            .answeredAgain(from, untilNanos, except)
            .or(() -> callers.answeredAgain(from, System.nanoTime(), except))
            .map(at -> Duration.ofNanos(at - from));
    var parts = List.of(since.everyDevice(from), since.everySink(from), calls);
    return parts.stream().allMatch(Optional::isPresent)
        ? parts.stream().flatMap(Optional::stream).max(Comparator.naturalOrder())
        : Optional.empty();
  }

  /** Between these moments nothing is asked of a stream that repeats nothing. */
  void disturbed(long fromNanos, long toNanos) {
    calm.add(new Span(calmSinceNanos, fromNanos - MARGIN_NANOS));
    calmSinceNanos = toNanos + MARGIN_NANOS;
  }

  private Watch watch(Stage stage) {
    return Watch.begin(stage.workload().log(), options.devices(), stage.sinks());
  }

  /** Nothing more is sent; what was acknowledged gets the time to arrive everywhere. */
  private void settle(Stage stage) {
    progress.accept("waiting for everything to arrive");
    Await.done(stage.workload().stop());
    stage.callers().stop();
    stage.renamings().stop();
    var _ =
        await(
            () ->
                Await.get(stage.workload().unanswered()) == 0
                    && stage.callers().waiting() == 0
                    && stage.renamings().waiting() == 0,
            ANSWER_LIMIT);
    calm.add(new Span(calmSinceNanos, System.nanoTime()));
    var publications = stage.workload().log().all();
    awaitArrivals(
        () -> stage.sinks().stream().mapToInt(SinkLog::count).sum(),
        () -> missing(stage, publications) == 0);
  }

  private long missing(Stage stage, List<List<Publication>> publications) {
    return stage.hook().log().missing(publications, new Demand.Everything())
        + stage.session().log().missing(publications, new Demand.Everything())
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

  private Evidence evidence(Stage stage, MemoryWatch memory, List<Recovery> recoveries) {
    progress.accept("judging");
    var publications = stage.workload().log().all();
    var sinks = new ArrayList<SinkRecord>();
    sinks.add(stage.hook().log().record(new Demand.Everything()));
    sinks.add(stage.session().log().record(new Demand.Everything()));
    stage.streams().forEach(s -> sinks.add(s.log().record(s.demand(calm))));
    var rows = rows(stage);
    sinks.add(rows.log().record(new Demand.Everything()));
    var all = new ArrayList<>(recoveries);
    all.add(changes(stage));
    return new Evidence(
        publications,
        sinks,
        stage.callers().calls(),
        stage.workload().executions(),
        rows.owners(),
        all,
        memory.samples());
  }

  private Recovery changes(Stage stage) {
    var missing = stage.renamings().missing(region.database().jdbcUrls());
    missing.stream().limit(SHOWN).forEach(progress);
    progress.accept(
        "%,d acknowledged changes of configuration, %,d missing"
            .formatted(stage.renamings().acknowledged(), missing.size()));
    var took = missing.isEmpty() ? Duration.ZERO : null;
    return new Recovery(
        "acknowledged changes",
        List.of(new Recovery.Step("the configuration in the database", took, Duration.ZERO)));
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

  static boolean await(BooleanSupplier condition, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  static void pause(Duration time) {
    var end = System.nanoTime() + time.toNanos();
    for (var left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
