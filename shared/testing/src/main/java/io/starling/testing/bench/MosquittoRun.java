package io.starling.testing.bench;

import io.starling.testing.bench.BenchOptions.Row;
import io.starling.testing.client.Credentials;
import io.starling.testing.server.MosquittoProcess;
import io.starling.testing.server.TemporaryFolder;
import io.starling.testing.server.TestCertificate;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;

/** What Mosquitto has of the rows that are asked for, by the same loads. Blocks its caller. */
final class MosquittoRun {
  private static final Comparison.OfPairs PAIRS =
      new Comparison.OfPairs(
          Metric.PAIRS_MOSQUITTO_RATE,
          Metric.PAIRS_MOSQUITTO_CPU,
          Metric.PAIRS_MOSQUITTO_P50,
          Metric.PAIRS_MOSQUITTO_P99);

  private final Vertx vertx;
  private final BenchOptions options;
  private final Results results;
  private final Consumer<String> progress;

  MosquittoRun(Vertx vertx, BenchOptions options, Results results, Consumer<String> progress) {
    this.vertx = vertx;
    this.options = options;
    this.results = results;
    this.progress = progress;
  }

  void run() {
    try (var folder = TemporaryFolder.create();
        var server = MosquittoProcess.start(folder.path(), TestCertificate.make(folder.path()))) {
      progress.accept("  Mosquitto");
      var idle = options.has(Row.IDLE) ? IdleRun.allowed(options.idle()) : 0;
      var clients = Comparison.anyone(Math.max(Comparison.clients(options), idle));
      if (options.has(Row.INGEST) || options.has(Row.PUBACK)) {
        ingest(server, clients.subList(0, options.connections()));
      }
      compare(server, clients);
      if (idle > 0) {
        var run = IdleRun.run(vertx, server, clients.subList(0, idle));
        results.add(Metric.MOSQUITTO_IDLE_RESIDENT, run.residentKilobytes());
      }
    }
  }

  private void ingest(MosquittoProcess server, List<Credentials> clients) {
    try (var load = LoadRun.open(vertx, options, server, clients, "bench/temp", results)) {
      var saturated = load.saturated();
      results.add(Metric.MOSQUITTO_RATE, saturated.ackedPerSecond());
      results.add(Metric.MOSQUITTO_CPU, saturated.serverMicrosPerMessage());
      var paced = load.paced(() -> {}).latency();
      results.add(Metric.MOSQUITTO_P50, paced.getValueAtPercentile(50) / 1e3);
      results.add(Metric.MOSQUITTO_P99, paced.getValueAtPercentile(99) / 1e3);
    }
  }

  private void compare(MosquittoProcess server, List<Credentials> clients) {
    var comparison = new Comparison(vertx, options, results, progress);
    comparison.qos0(server, clients, Metric.QOS0_MOSQUITTO_CPU);
    comparison.pairs(server, clients, PAIRS);
    if (options.has(Row.FANOUT)) {
      var _ = comparison.fanOut(server, clients, Metric.FANOUT_MOSQUITTO_CPU);
    }
    if (options.has(Row.SHARED)) {
      var _ =
          comparison.shared(
              server, clients, Metric.SHARED_MOSQUITTO_RATE, Metric.SHARED_MOSQUITTO_CPU);
    }
    if (options.has(Row.CONNECT)) {
      var plain = comparison.connects(server, server.target(), clients);
      results.add(Metric.PLAIN_MOSQUITTO_CPU, plain.connectMillis());
      var tls = comparison.connects(server, server.tlsTarget(), clients);
      results.add(Metric.TLS_MOSQUITTO_RATE, tls.connectsPerSecond());
      results.add(Metric.TLS_MOSQUITTO_CPU, tls.connectMillis());
    }
  }
}
