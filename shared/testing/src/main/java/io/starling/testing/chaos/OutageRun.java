package io.starling.testing.chaos;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.Target;
import io.starling.testing.history.CallRecord;
import io.starling.testing.history.Publication;
import io.starling.testing.history.Recovery;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionNode;
import io.starling.testing.workload.CriticalNames;
import io.starling.testing.workload.RowWatch;
import io.starling.testing.workload.Workload;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run against a region of several nodes that is started and well: all its PostgreSQL servers
 * are killed; while they are away one node is killed and started again, and devices that it has
 * never seen connect there; the servers are started; and all the time devices publish, some of them
 * what is critical. Blocks for all of it, and judges the history as {@link ChaosRun} does.
 */
public final class OutageRun {
  private static final int CRITICAL_DEVICES = 10;
  private static final double CRITICAL_RATE = 10;
  private static final String CRITICAL_PREFIX = "critical-";
  private static final int NEWCOMERS = 10;
  private static final double NEWCOMER_RATE = 20;

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration CALM = Duration.ofSeconds(4);

  /** Critical events of so long are timed, at least. */
  private static final Duration LEAST_CATCH_UP = Duration.ofSeconds(8);

  private final Vertx vertx;
  private final Region region;
  private final ChaosOptions options;
  private final Duration hold;
  private final Consumer<String> progress;
  private final RegionNode node;
  private @Nullable OutageFigures figures;

  /** What came of it. */
  public record Result(OutageFigures figures, Outcome outcome) {
    /** For people. */
    public String text() {
      return figures.text() + outcome.text();
    }
  }

  /**
   * A run.
   *
   * @param hold how long the database is away, at least: until the node is back
   * @param options of which the planned faults do not count
   * @param progress told a line for each thing that happens
   */
  public OutageRun(
      Vertx vertx, Region region, ChaosOptions options, Duration hold, Consumer<String> progress) {
    if (region.nodes().size() < 2) {
      throw new IllegalArgumentException("a region of one node has none to restart meanwhile");
    }
    this.vertx = vertx;
    this.region = region;
    this.options = options;
    this.hold = hold;
    this.progress = progress;
    this.node = region.nodes().get(Math.floorMod(options.seed(), region.nodes().size()));
  }

  /** Does all of it. */
  public Result run() {
    var run = new ChaosRun(vertx, region, options, progress);
    var outcome = run.run(stage -> play(run, stage));
    if (figures == null) {
      throw new IllegalStateException("the outage was not played");
    }
    return new Result(figures, outcome);
  }

  private List<Recovery> play(ChaosRun run, Stage stage) {
    var fleet = moreDevices();
    var urls = region.database().jdbcUrls();
    CriticalNames.set(urls, region.demo().get("PRODUCT_ID"), CRITICAL_PREFIX);
    var criticalEvent = CRITICAL_PREFIX + stage.event();
    var everywhere = region.nodes().stream().map(OutageRun::target).toList();
    var critical = workload(everywhere, fleet.subList(0, CRITICAL_DEVICES), criticalEvent);
    var newcomers =
        workload(
            List.of(target(node)),
            fleet.subList(CRITICAL_DEVICES, fleet.size()),
            "newcomers-" + stage.event());
    try (var rows = RowWatch.begin(urls, stage.workload(), stage.event());
        var criticalRows = RowWatch.begin(urls, critical, criticalEvent)) {
      Await.done(critical.connect(LIMIT), LIMIT);
      Await.done(critical.start(CRITICAL_RATE));
      figures = new Scene(run, stage, critical, newcomers, rows, criticalRows).play();
      return List.of(figures.recovery(options.allowance()));
    } finally {
      Await.done(critical.close(), LIMIT);
      Await.done(newcomers.close(), LIMIT);
    }
  }

  private List<Credentials> moreDevices() {
    var api = Await.get(CloudApi.logIn(vertx, region.demo()), LIMIT);
    try {
      var count = options.devices() + CRITICAL_DEVICES + NEWCOMERS;
      var all = Await.get(NewDevices.of(vertx, region, api, count, LIMIT), LIMIT);
      return all.subList(options.devices(), count);
    } finally {
      Await.done(api.close());
    }
  }

  private Workload workload(List<Target> targets, List<Credentials> devices, String event) {
    return Await.get(Workload.create(vertx, targets, devices, event));
  }

  private static Target target(RegionNode node) {
    return Target.parse(node.mqttUrl());
  }

  /** The moments of the outage, and who takes part. */
  private final class Scene {
    private final ChaosRun run;
    private final Stage stage;
    private final Workload critical;
    private final Workload newcomers;
    private final RowWatch rows;
    private final RowWatch criticalRows;

    private final long calmNanos = System.nanoTime();
    private long strikeNanos;
    private long deadNanos;
    private long killNanos;
    private long inNanos;
    private long startNanos;
    private long backNanos;
    private int callsBefore;
    private Optional<Duration> newcomersIn = Optional.empty();

    Scene(
        ChaosRun run,
        Stage stage,
        Workload critical,
        Workload newcomers,
        RowWatch rows,
        RowWatch criticalRows) {
      this.run = run;
      this.stage = stage;
      this.critical = critical;
      this.newcomers = newcomers;
      this.rows = rows;
      this.criticalRows = criticalRows;
    }

    OutageFigures play() {
      try (var before = watch()) {
        ChaosRun.pause(CALM);
        var _ = ChaosRun.await(before::isComplete, LIMIT);
      }
      progress.accept("all PostgreSQL servers are killed");
      callsBefore = stage.callers().calls().size();
      strikeNanos = System.nanoTime();
      region.database().killAll();
      deadNanos = System.nanoTime();
      try (var since = watch()) {
        ChaosRun.pause(hold.dividedBy(4));
        restartNode();
        ChaosRun.pause(rest());
        var calls = stage.callers().calls().subList(callsBefore, stage.callers().calls().size());
        bringBack();
        return figures(since, calls);
      }
    }

    /** What is left of the outage; some of it in any case with nothing but the database away. */
    private Duration rest() {
      var left = hold.minusNanos(System.nanoTime() - deadNanos);
      var least = hold.dividedBy(8);
      return left.compareTo(least) > 0 ? left : least;
    }

    private Watch watch() {
      return Watch.begin(stage.workload().log(), options.devices(), stage.sinks());
    }

    private void restartNode() {
      progress.accept(node.name() + " is killed");
      killNanos = System.nanoTime();
      region.kill(node);
      ChaosRun.pause(hold.dividedBy(16));
      try (var since = Watch.begin(newcomers.log(), newcomers.size(), List.of())) {
        region.launch(node);
        Await.done(newcomers.connect(PATIENCE), PATIENCE);
        Await.done(newcomers.start(NEWCOMER_RATE));
        var _ = ChaosRun.await(since::isComplete, LIMIT);
        inNanos = System.nanoTime();
        newcomersIn =
            since
                .everyDevice(since.fromNanos())
                .filter(_ -> rows.firstLookAfter(deadNanos).isEmpty());
        newcomersIn.ifPresent(
            time ->
                progress.accept(
                    "%s has let new devices in %.1f s after its start"
                        .formatted(node.name(), time.toMillis() / 1e3)));
      }
      run.disturbed(killNanos, inNanos);
      Await.done(newcomers.stop());
    }

    private void bringBack() {
      progress.accept("the PostgreSQL servers are started");
      startNanos = System.nanoTime();
      region.database().start();
      var _ = ChaosRun.await(() -> rows.firstLookAfter(deadNanos).isPresent(), LIMIT);
      backNanos = rows.firstLookAfter(deadNanos).orElseGet(System::nanoTime);
      var _ =
          ChaosRun.await(
              () ->
                  rows.allRows(backNanos).isPresent()
                      && criticalRows.allRows(backNanos).isPresent(),
              PATIENCE);
    }

    private OutageFigures figures(Watch since, List<CallRecord> calls) {
      var untilNanos = System.nanoTime();
      var least = backNanos + LEAST_CATCH_UP.toNanos();
      if (untilNanos - least < 0) {
        ChaosRun.pause(Duration.ofNanos(least - untilNanos));
        untilNanos = least;
      }
      var well = ChaosRun.await(() -> region.status().isWell(), PATIENCE);
      var wellNanos = System.nanoTime();
      Await.done(critical.stop());
      var end = untilNanos;
      var _ = ChaosRun.await(() -> criticalRows.allRows(end).isPresent(), LIMIT);
      var others = others();
      var wrong =
          criticalRows.lags(backNanos, end).size() - criticalRows.ofClass(0, backNanos, end);
      return new OutageFigures(
          since(deadNanos, backNanos),
          node.name(),
          List.of(
              Waits.of("before", others, calmNanos, strikeNanos),
              Waits.of("no database", others, strikeNanos, killNanos),
              Waits.of("no database, all nodes", others, inNanos, startNanos),
              Waits.of("catching up", others, startNanos, end)),
          List.of(
              Waits.of("no database, " + node.name() + " restarts", others, killNanos, inNanos)),
          since.everySink(since.fromNanos()),
          calls.size(),
          (int) calls.stream().filter(CallRecord::isReturned).count(),
          newcomers.size(),
          newcomersIn,
          since(startNanos, backNanos),
          stage.renamings().acknowledgedAfter(deadNanos).map(at -> since(backNanos, at)),
          waiting(),
          rows.allRows(backNanos).map(at -> since(backNanos, at)),
          criticalRows.allRows(backNanos).map(at -> since(backNanos, at)),
          criticalRows.lags(backNanos, end),
          wrong,
          well ? Optional.of(since(backNanos, wellNanos)) : Optional.empty());
    }

    /** Events of the devices whose node was left alone. */
    private List<List<Publication>> others() {
      var all = stage.workload().log().all();
      var nodes = region.nodes().size();
      return IntStream.range(0, all.size())
          .filter(device -> device % nodes != node.number() - 1)
          .mapToObj(all::get)
          .toList();
    }

    private long waiting() {
      var all = new ArrayList<>(stage.workload().log().all());
      all.addAll(critical.log().all());
      return all.stream()
          .flatMap(List::stream)
          .filter(event -> event.isAcked() && event.ackedNanos() - backNanos < 0)
          .filter(event -> event.invokedNanos() - deadNanos >= 0)
          .count();
    }

    private static Duration since(long fromNanos, long toNanos) {
      return Duration.ofNanos(Math.max(0, toNanos - fromNanos));
    }
  }
}
