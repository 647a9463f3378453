package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.bench.BenchOptions.Row;
import io.starling.testing.client.Credentials;
import io.starling.testing.fleet.Surge;
import io.starling.testing.process.ProcessCost;
import io.starling.testing.server.BareProcess;
import io.starling.testing.server.ServerOptions;
import io.starling.testing.server.ServerUnderTest;
import io.starling.testing.server.StarlingProcess;
import io.starling.testing.server.TemporaryFolder;
import io.starling.testing.server.TestCertificate;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Runs the repetitions and fills the results. Blocks its caller for minutes. */
final class Bench {
  private static final Duration CREATE_LIMIT = Duration.ofMinutes(5);
  private static final Duration SURGE_LIMIT = Duration.ofMinutes(3);
  private static final int SURGE_OTHERS = 50;
  private static final Duration REST = Duration.ofSeconds(3);

  /** Rows for which the server of the others is not needed. */
  private static final Set<Row> APART = EnumSet.of(Row.BARE, Row.MOSQUITTO, Row.OUTAGE);

  private static final Comparison.OfPairs PAIRS =
      new Comparison.OfPairs(
          Metric.PAIRS_RATE, Metric.PAIRS_CPU, Metric.PAIRS_P50, Metric.PAIRS_P99);

  private final Vertx vertx;
  private final BenchOptions options;
  private final Results results;
  private final Consumer<String> progress;

  Bench(Vertx vertx, BenchOptions options, Results results, Consumer<String> progress) {
    this.vertx = vertx;
    this.options = options;
    this.results = results;
    this.progress = progress;
  }

  void run() {
    for (var n = 1; n <= options.repeat(); n++) {
      progress.accept("repetition %d of %d".formatted(n, options.repeat()));
      if (options.has(Row.BARE)) {
        bare();
      }
      if (options.has(Row.HOOKS)) {
        hooks().bare();
      }
      if (options.has(Row.MOSQUITTO)) {
        new MosquittoRun(vertx, options, results, progress).run();
      }
      if (options.rows().stream().anyMatch(row -> !APART.contains(row))) {
        starling();
      }
    }
    if (options.has(Row.OUTAGE)) {
      new OutageRun(vertx, options, results, progress).run();
    }
    if (options.has(Row.START) && options.server().command().isEmpty()) {
      results.add(Metric.ARTIFACT, size(options.server().lib()) / 1e6);
    }
  }

  private void bare() {
    try (var server = BareProcess.start(options.server())) {
      var anyone =
          Comparison.anyone(Math.max(Comparison.clients(options), IdleRun.allowed(options.idle())));
      try (var load = load(server, anyone, "bench/temp")) {
        progress.accept("  bare server, saturated");
        var saturated = load.saturated();
        results.add(Metric.BARE_RATE, saturated.ackedPerSecond());
        results.add(Metric.BARE_CPU, saturated.serverMicrosPerMessage());
        progress.accept("  bare server, fixed rate");
        var paced = load.paced(() -> {});
        percentiles(paced.latency(), Metric.BARE_P50, Metric.BARE_P99, Metric.BARE_P999);
        results.add(Metric.BARE_PACED_CPU, paced.serverMicrosPerMessage());
      }
      comparison().qos0(server, anyone, Metric.QOS0_BARE_CPU);
      if (options.has(Row.CONNECT)) {
        var connects = comparison().connects(server, server.target(), anyone);
        results.add(Metric.PLAIN_BARE_CPU, connects.connectMillis());
      }
      if (options.has(Row.IDLE)) {
        progress.accept("  bare server, idle connections");
        var idle = IdleRun.run(vertx, server, anyone.subList(0, IdleRun.allowed(options.idle())));
        results.add(Metric.BARE_IDLE_HEAP, idle.heapKilobytes());
        results.add(Metric.BARE_IDLE_RESIDENT, idle.residentKilobytes());
      }
    }
  }

  private Comparison comparison() {
    return new Comparison(vertx, options, results, progress);
  }

  private HookRun hooks() {
    return new HookRun(vertx, options, results, progress);
  }

  /** The rows that other brokers have as well. */
  private void compared(StarlingProcess server, List<Credentials> devices) {
    var comparison = comparison();
    comparison.qos0(server, devices, Metric.QOS0_CPU);
    comparison.pairs(server, devices, PAIRS);
    if (options.has(Row.FANOUT)) {
      results.add(
          Metric.FANOUT_MISSING, 100 * comparison.fanOut(server, devices, Metric.FANOUT_CPU));
    }
    if (options.has(Row.SHARED)) {
      var missing = comparison.shared(server, devices, Metric.SHARED_RATE, Metric.SHARED_CPU);
      results.add(Metric.SHARED_MISSING, 100 * missing);
    }
  }

  /** On a server of its own, which lets everybody in at once, as those compared with do. */
  private void connects(ServerOptions secured) {
    try (var data = TemporaryFolder.create();
        var server = StarlingProcess.start(secured.unpaced(), data.path())) {
      var api = logIn(server);
      var devices = makeDevices(server, api, Comparison.CONNECTS);
      Await.done(api.close());
      var plain = comparison().connects(server, server.target(), devices);
      results.add(Metric.PLAIN_RATE, plain.connectsPerSecond());
      results.add(Metric.PLAIN_CPU, plain.connectMillis());
      var tls = comparison().connects(server, server.tlsTarget(), devices);
      results.add(Metric.TLS_RATE, tls.connectsPerSecond());
      results.add(Metric.TLS_CPU, tls.connectMillis());
    }
  }

  private void starling() {
    try (var data = TemporaryFolder.create();
        var files = TemporaryFolder.create()) {
      if (options.has(Row.START)) {
        starts(data.path());
      }
      var secured = options.server().with(TestCertificate.make(files.path()));
      try (var server = StarlingProcess.start(secured, data.path())) {
        measure(server);
      }
      if (options.has(Row.CONNECT)) {
        connects(secured);
      }
    }
  }

  private void starts(Path data) {
    progress.accept("  starts");
    try (var first = StarlingProcess.start(options.server(), data)) {
      results.add(Metric.FIRST_START, first.startTime().toMillis());
      Meter.pause(REST);
      results.add(Metric.REST_RESIDENT, ProcessCost.of(first.pid()).residentBytes() / 1e6);
    }
    try (var next = StarlingProcess.start(options.server(), data)) {
      results.add(Metric.NEXT_START, next.startTime().toMillis());
    }
  }

  private void measure(StarlingProcess server) {
    var idle = options.has(Row.IDLE) ? IdleRun.allowed(options.idle()) : 0;
    var surge = options.has(Row.SURGE) ? options.surge() + SURGE_OTHERS : 0;
    var compared = options.compares() ? Comparison.clients(options) : 0;
    var count = Math.max(Math.max(options.connections(), compared), Math.max(idle, surge));
    var loads = List.of(Row.INGEST, Row.PUBACK, Row.WHOLE, Row.HOOKS, Row.IDLE, Row.SURGE);
    if (compared == 0 && loads.stream().noneMatch(options::has)) {
      return;
    }
    var api = logIn(server);
    var devices = makeDevices(server, api, count);
    if (options.has(Row.INGEST) || options.has(Row.PUBACK)) {
      ingest(server, devices);
    }
    if (options.has(Row.WHOLE)) {
      wholeWay(server, api, devices);
    }
    if (options.has(Row.HOOKS)) {
      hooks().measure(server, api, devices);
    }
    if (compared > 0) {
      compared(server, devices);
    }
    if (idle > 0) {
      progress.accept("  %,d idle connections".formatted(idle));
      idle(IdleRun.run(vertx, server, devices.subList(0, idle)));
    }
    if (surge > 0) {
      progress.accept("  surge of %,d devices".formatted(options.surge()));
      surge(server, devices.subList(0, surge));
    }
    Await.done(api.close());
  }

  private CloudApi logIn(StarlingProcess server) {
    return Await.get(CloudApi.logIn(vertx, server.env()), Duration.ofSeconds(35));
  }

  private List<Credentials> makeDevices(StarlingProcess server, CloudApi api, int count) {
    progress.accept("  makes %,d devices".formatted(count));
    return Await.get(api.createDevices(server.env().get("PRODUCT_ID"), count), CREATE_LIMIT);
  }

  private void surge(ServerUnderTest server, List<Credentials> devices) {
    var many = devices.subList(SURGE_OTHERS, devices.size());
    var others = devices.subList(0, SURGE_OTHERS);
    try (var surge = Surge.open(vertx, server.target(), many, others, SURGE_LIMIT)) {
      var report = surge.run(SURGE_LIMIT);
      progress.accept("    " + report);
      results.add(Metric.SURGE_BACK, report.allBack().toMillis() / 1e3);
      results.add(Metric.SURGE_CONNECT_P99, report.connects().getValueAtPercentile(99) / 1e3);
      results.add(Metric.SURGE_REFUSED, report.refused() + report.failed());
      results.add(Metric.SURGE_OTHERS_P99, report.publishes().getValueAtPercentile(99) / 1e3);
    }
  }

  private void ingest(StarlingProcess server, List<Credentials> devices) {
    try (var load = load(server, devices, "bench/temp")) {
      if (options.has(Row.INGEST)) {
        progress.accept("  ingest, saturated");
        var saturated = load.saturated();
        results.add(Metric.INGEST_RATE, saturated.ackedPerSecond());
        results.add(Metric.INGEST_CPU, saturated.serverMicrosPerMessage());
        ratio(Metric.INGEST_RATIO, Metric.INGEST_CPU);
        load.settle();
        var drained = load.saturatedAndDrained(() -> {});
        results.add(Metric.INGEST_DATABASE_CPU, drained.databaseMicrosPerMessage());
        results.add(Metric.INGEST_DRAINED_CPU, drained.serverMicrosPerMessage());
      }
      if (options.has(Row.PUBACK)) {
        progress.accept("  PUBACK, fixed rate");
        var paced = load.paced(() -> {});
        percentiles(paced.latency(), Metric.PUBACK_P50, Metric.PUBACK_P99, Metric.PUBACK_P999);
        results.add(Metric.PUBACK_CPU, paced.serverMicrosPerMessage());
        load.settle();
      }
    }
  }

  private void wholeWay(StarlingProcess server, CloudApi api, List<Credentials> devices) {
    try (var ends = WholeWay.open(vertx, api);
        var load = load(server, devices, HookEnd.PREFIX + "temp")) {
      progress.accept("  whole way, fixed rate");
      var _ = load.paced(ends::startTiming);
      percentiles(ends.readerLatency(), Metric.READER_P50, Metric.READER_P99, Metric.READER_P999);
      percentiles(ends.sinkLatency(), Metric.WEBHOOK_P50, Metric.WEBHOOK_P99, Metric.WEBHOOK_P999);
      load.settle();
      ends.stopTiming();
      progress.accept("  whole way, saturated");
      wholeWaySaturated(load, ends);
    }
  }

  private void wholeWaySaturated(LoadRun load, WholeWay ends) {
    var before = load.count();
    var readBefore = ends.read();
    var postedBefore = ends.posted();
    var lastAck = new AtomicLong();
    var drained =
        load.saturatedAndDrained(
            () -> {
              lastAck.set(System.nanoTime());
              var sent = load.count().since(before);
              ends.await(
                  readBefore + sent.acked(), postedBefore + sent.tenths(), options.settleLimit());
            });
    var sent = load.count().since(before);
    results.add(Metric.WHOLE_RATE, sent.acked() * 1e9 / options.measured().toNanos());
    results.add(Metric.WHOLE_CPU, drained.serverMicrosPerMessage());
    ratio(Metric.WHOLE_RATIO, Metric.WHOLE_CPU);
    results.add(Metric.WHOLE_DATABASE_CPU, drained.databaseMicrosPerMessage());
    results.add(Metric.WHOLE_SETTLE, (System.nanoTime() - lastAck.get()) / 1e9);
    var read = ends.read() - readBefore;
    var posted = ends.posted() - postedBefore;
    results.add(Metric.WHOLE_READER_MISSING, Math.max(0, sent.acked() - read));
    results.add(Metric.WHOLE_WEBHOOK_MISSING, Math.max(0, sent.tenths() - posted));
  }

  private void idle(IdleRun idle) {
    results.add(Metric.IDLE_HEAP, idle.heapKilobytes());
    results.add(Metric.IDLE_RESIDENT, idle.residentKilobytes());
    results.add(Metric.IDLE_COUNT, idle.connections());
    results.add(Metric.CONNECT_RATE, idle.connectsPerSecond());
    results.add(Metric.CONNECT_CPU, idle.connectMillis());
  }

  private LoadRun load(ServerUnderTest server, List<Credentials> devices, String tenthTopic) {
    var some = devices.subList(0, options.connections());
    return LoadRun.open(vertx, options, server, some, tenthTopic, results);
  }

  private void ratio(Metric ratio, Metric cost) {
    if (results.has(Metric.BARE_CPU)) {
      results.add(ratio, results.last(cost) / results.last(Metric.BARE_CPU));
    }
  }

  private void percentiles(Histogram micros, Metric p50, Metric p99, Metric p999) {
    if (micros.getTotalCount() == 0) {
      throw new IllegalStateException("no latencies were measured for " + p50);
    }
    results.add(p50, micros.getValueAtPercentile(50) / 1e3);
    results.add(p99, micros.getValueAtPercentile(99) / 1e3);
    results.add(p999, micros.getValueAtPercentile(99.9) / 1e3);
  }

  private static long size(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new IllegalStateException("could not read " + folder, e);
    }
  }
}
