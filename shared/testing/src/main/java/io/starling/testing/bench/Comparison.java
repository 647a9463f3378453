package io.starling.testing.bench;

import io.starling.testing.bench.BenchOptions.Row;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.Target;
import io.starling.testing.load.LoadPlan;
import io.starling.testing.load.LoadPlan.Pattern;
import io.starling.testing.server.ServerUnderTest;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The loads that are put on several brokers in one run. Blocks its caller. */
final class Comparison {
  /** One publisher, and so many who get it. */
  private static final int FANS = 1_000;

  private static final double FANOUT_RATE = 20;
  private static final double QOS0_RATE = 20_000;
  private static final double PAIRS_RATE = 1_000;
  static final int CONNECTS = 5_000;
  private static final double AGREEMENT = 0.05;

  private final Vertx vertx;
  private final BenchOptions options;
  private final Results results;
  private final Consumer<String> progress;

  Comparison(Vertx vertx, BenchOptions options, Results results, Consumer<String> progress) {
    this.vertx = vertx;
    this.options = options;
    this.results = results;
    this.progress = progress;
  }

  /** How many clients a broker has to know. */
  static int clients(BenchOptions options) {
    int fans = options.has(Row.FANOUT) ? FANS + 1 : 0;
    int storm = options.has(Row.CONNECT) ? CONNECTS : 0;
    return Math.max(options.connections(), Math.max(fans, storm));
  }

  /** For a broker that lets everybody in. */
  static List<Credentials> anyone(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Credentials("anyone-" + i, "none")).toList();
  }

  /** Messages that nobody acknowledges. */
  void qos0(ServerUnderTest server, List<Credentials> clients, Metric cpu) {
    if (options.has(Row.QOS0)) {
      progress.accept("  QoS 0");
      var some = clients.subList(0, options.connections());
      try (var load = load(server, some, Pattern.FAN_IN, 0)) {
        results.add(cpu, load.paced(QOS0_RATE, () -> {}).serverMicrosPerSent());
        load.settle();
      }
    }
  }

  /** What is measured from device to device. */
  record OfPairs(Metric rate, Metric cpu, Metric p50, Metric p99) {}

  /** From device to device. */
  void pairs(ServerUnderTest server, List<Credentials> clients, OfPairs metrics) {
    if (!options.has(Row.PAIRS)) {
      return;
    }
    progress.accept("  device to device");
    var some = clients.subList(0, options.connections() & ~1);
    try (var load = load(server, some, Pattern.PAIRS, 1)) {
      var saturated = load.saturated();
      results.add(metrics.rate(), saturated.count().deliveredPerSecond());
      results.add(metrics.cpu(), saturated.serverMicrosPerDelivery());
      load.settle();
      var paced = load.paced(PAIRS_RATE, () -> {});
      results.add(metrics.p50(), paced.delivery().getValueAtPercentile(50) / 1e3);
      results.add(metrics.p99(), paced.delivery().getValueAtPercentile(99) / 1e3);
      load.settle();
    }
  }

  /** From one to many. Answers which part was not delivered. */
  double fanOut(ServerUnderTest server, List<Credentials> clients, Metric cpu) {
    progress.accept("  one to %,d".formatted(FANS));
    try (var load = load(server, clients.subList(0, FANS + 1), Pattern.FAN_OUT, 0)) {
      var interval = load.paced(FANOUT_RATE, () -> {});
      results.add(cpu, interval.serverMicrosPerDelivery());
      load.settle();
      var count = load.count();
      return 1 - (double) count.delivered() / (count.sent() * FANS);
    }
  }

  /** From half of them to the other half, in turn. Answers which part was not delivered. */
  double shared(ServerUnderTest server, List<Credentials> clients, Metric rate, Metric cpu) {
    progress.accept("  shared subscription");
    var some = clients.subList(0, options.connections() & ~1);
    try (var load = load(server, some, Pattern.SHARED, 1)) {
      var saturated = load.saturated();
      results.add(rate, saturated.count().deliveredPerSecond());
      results.add(cpu, saturated.serverMicrosPerDelivery());
      load.settle();
      var count = load.count();
      return 1 - (double) count.delivered() / count.acked();
    }
  }

  /** Many that come as fast as they are let in, again until two storms cost the same. */
  IdleRun connects(ServerUnderTest server, Target target, List<Credentials> clients) {
    progress.accept("  connects to " + target);
    var some = clients.subList(0, CONNECTS);
    var last = IdleRun.run(vertx, server, target, some);
    for (var n = 1; n < options.warmIntervals(); n++) {
      var next = IdleRun.run(vertx, server, target, some);
      if (Math.abs(next.connectMillis() - last.connectMillis())
          < AGREEMENT * last.connectMillis()) {
        return next;
      }
      last = next;
    }
    return last;
  }

  private LoadRun load(
      ServerUnderTest server, List<Credentials> clients, Pattern pattern, int qos) {
    var plan = LoadPlan.of(server.target()).with(pattern, qos);
    return LoadRun.open(vertx, options, server, clients, plan, results);
  }
}
