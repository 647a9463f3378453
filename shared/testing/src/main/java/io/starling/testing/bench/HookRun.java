package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Credentials;
import io.starling.testing.fleet.Stamp;
import io.starling.testing.load.LoadPlan;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import io.starling.testing.process.ProcessCost;
import io.starling.testing.server.BarePoster;
import io.starling.testing.server.StarlingProcess;
import io.starling.testing.sink.Reply;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * What deliveries cost against a bare HTTP client that posts the same bodies, and what endpoints
 * that are dead cost those that are not. Blocks its caller.
 */
final class HookRun {
  /** As many as one integration may have under way at once. */
  private static final int IN_FLIGHT = 64;

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int TURNS = 6;
  private static final Kind ALONE =
      new Kind(Metric.HOOKS_P50, Metric.HOOKS_P99, Metric.HOOKS_ACK_P50, Metric.HOOKS_ACK_P99);
  private static final Kind BESIDE =
      new Kind(
          Metric.HOOKS_DEAD_P50,
          Metric.HOOKS_DEAD_P99,
          Metric.HOOKS_DEAD_ACK_P50,
          Metric.HOOKS_DEAD_ACK_P99);

  private final Vertx vertx;
  private final BenchOptions options;
  private final Results results;
  private final Consumer<String> progress;

  HookRun(Vertx vertx, BenchOptions options, Results results, Consumer<String> progress) {
    this.vertx = vertx;
    this.options = options;
    this.results = results;
    this.progress = progress;
  }

  /** The bare client. */
  void bare() {
    progress.accept("  bare HTTP client");
    var sink = Await.get(WebhookSink.open(vertx, 0, 0));
    try (var poster = poster(sink.port())) {
      poster.awaitOutput("ready", LIMIT);
      Meter.pause(options.interval());
      long before = sink.count();
      var cpu = ProcessCost.of(poster.pid()).cpu();
      Meter.pause(options.measured());
      long posted = sink.count() - before;
      results.add(Metric.HOOKS_BARE_RATE, posted * 1e9 / options.measured().toNanos());
      var used = ProcessCost.of(poster.pid()).cpu().minus(cpu);
      results.add(Metric.HOOKS_BARE_CPU, micros(used, posted));
    } finally {
      Await.done(sink.close());
    }
  }

  private ChildProcess poster(int port) {
    var flags = new ArrayList<>(options.server().jvmFlags());
    flags.add("-Dlogback.configurationFile=logback-tools.xml");
    var arguments = List.of(Integer.toString(port), Integer.toString(IN_FLIGHT), body());
    return Launch.java(BarePoster.class, flags, arguments).start();
  }

  /** A form as Starling posts it of an event of the load. */
  private String body() {
    var payload = new Stamp(100, 100_000, System.nanoTime()).payload(options.payloadBytes());
    return "event=hook%2Ftemp&coreid=0123456789abcdef01234567"
        + "&published_at=2026-01-02T03%3A04%3A05.678Z&data="
        + URLEncoder.encode(payload.toString(), StandardCharsets.UTF_8);
  }

  /** A backlog that is delivered, then latencies, without and with dead endpoints. */
  void measure(StarlingProcess server, CloudApi api, List<Credentials> devices) {
    try (var end = HookEnd.open(vertx, api)) {
      backlog(server, devices, end);
      progress.accept("  webhooks at the fixed rate, in turn alone and beside dead endpoints");
      var plan = LoadPlan.of(server.target()).withTenthTopic(HookEnd.PREFIX + "temp");
      try (var load = load(server, devices, plan)) {
        load.onTenthAcked(end::acked);
        load.paced(meter -> turns(meter, api, end))
            .forEach(ratio -> results.add(Metric.HOOKS_DEAD_RATIO, ratio));
        load.settle();
      }
    }
  }

  /**
   * Turns, each with dead endpoints compared with the two without around it: the journal gathers
   * more into a batch the longer a load lasts, so that all latencies rise meanwhile.
   */
  private List<Double> turns(Meter meter, CloudApi api, HookEnd end) {
    var ratios = new ArrayList<Double>();
    double before = latency(meter, end, ALONE);
    for (int turn = 0; turn < TURNS; turn++) {
      double beside = besideDead(api, () -> latency(meter, end, BESIDE));
      double after = latency(meter, end, ALONE);
      ratios.add(2 * beside / (before + after));
      before = after;
    }
    return ratios;
  }

  /** Where latencies of one kind go. */
  private record Kind(Metric p50, Metric p99, Metric ackP50, Metric ackP99) {}

  /** Measures for one turn; its p99 from publish to webhook, in microseconds. */
  private double latency(Meter meter, HookEnd end, Kind kind) {
    end.startTiming();
    var _ = meter.measure();
    end.stopTiming();
    var latency = end.latency();
    var fromAck = end.fromAck();
    if (latency.getTotalCount() == 0 || fromAck.getTotalCount() == 0) {
      throw new IllegalStateException("nothing was delivered");
    }
    results.add(kind.p50, latency.getValueAtPercentile(50) / 1e3);
    results.add(kind.p99, latency.getValueAtPercentile(99) / 1e3);
    results.add(kind.ackP50, fromAck.getValueAtPercentile(50) / 1e3);
    results.add(kind.ackP99, fromAck.getValueAtPercentile(99) / 1e3);
    return latency.getValueAtPercentile(99);
  }

  private double besideDead(CloudApi api, DoubleSupplier work) {
    var dead = new ArrayList<Dead>();
    try {
      for (var reply : deaths()) {
        dead.add(dead(api, reply));
      }
      return work.getAsDouble();
    } finally {
      for (var one : dead) {
        Await.done(api.delete("/v1/integrations/" + one.id()), HookEnd.API_LIMIT);
        Await.done(one.sink().close());
      }
    }
  }

  /** An endpoint that does not do its part, and the integration that leads to it. */
  private record Dead(WebhookSink sink, String id) {}

  private static List<Reply> deaths() {
    var body = Buffer.buffer("x".repeat(10_000));
    return List.of(
        new Reply.Hang(), Reply.status(500), new Reply.Drip(200, body, Duration.ofSeconds(1)));
  }

  private Dead dead(CloudApi api, Reply reply) {
    var sink = Await.get(WebhookSink.open(vertx, 0, 0));
    sink.answer(reply);
    var made = Await.get(api.createWebhook(HookEnd.PREFIX, sink.url()), HookEnd.API_LIMIT);
    return new Dead(sink, made.getString("id"));
  }

  /** Every event goes to the webhook: much more of them than it takes at once. */
  private void backlog(StarlingProcess server, List<Credentials> devices, HookEnd end) {
    var plan = LoadPlan.of(server.target()).withTopic(HookEnd.PREFIX + "temp");
    try (var load = load(server, devices, plan)) {
      progress.accept("  webhooks, backlogs to warm up by");
      warmUp(load, end);
      progress.accept("  webhooks, a backlog");
      load.burst();
      drain(server, load, end);
      load.settle();
    }
  }

  /** One backlog after the other, until two take equally long. */
  private void warmUp(LoadRun load, HookEnd end) {
    double last = drained(load, end);
    for (int n = 1; n < options.warmIntervals(); n++) {
      double next = drained(load, end);
      if (Math.abs(next - last) <= Meter.AGREEMENT * last) {
        return;
      }
      last = next;
    }
  }

  /** The rate at which a backlog was delivered. */
  private double drained(LoadRun load, HookEnd end) {
    load.burst();
    long before = end.posted();
    long began = System.nanoTime();
    end.awaitPosted(load.count().acked(), LIMIT);
    double rate = (end.posted() - before) * 1e9 / (System.nanoTime() - began);
    progress.accept(String.format(Locale.ROOT, "    %,.0f/s", rate));
    return rate;
  }

  private void drain(StarlingProcess server, LoadRun load, HookEnd end) {
    long owed = load.count().acked();
    var cpu = CpuReading.of(server);
    long before = end.posted();
    long began = System.nanoTime();
    end.awaitPosted(owed, options.measured());
    long posted = end.posted() - before;
    double rate = posted * 1e9 / (System.nanoTime() - began);
    var used = CpuReading.of(server).since(cpu);
    double micros = micros(used.server(), posted);
    results.add(Metric.HOOKS_RATE, rate);
    results.add(Metric.HOOKS_RATIO, results.last(Metric.HOOKS_BARE_RATE) / Math.max(1, rate));
    results.add(Metric.HOOKS_CPU, micros);
    results.add(Metric.HOOKS_DATABASE_CPU, micros(used.database(), posted));
    results.add(Metric.HOOKS_PER_CORE, 1e6 / micros);
    end.awaitPosted(owed, LIMIT);
    results.add(Metric.HOOKS_MISSING, Math.max(0, owed - end.posted()));
  }

  private static double micros(Duration used, long posted) {
    return used.toNanos() / 1e3 / Math.max(1, posted);
  }

  private LoadRun load(StarlingProcess server, List<Credentials> devices, LoadPlan plan) {
    var some = devices.subList(0, options.connections());
    return LoadRun.open(vertx, options, server, some, plan, results);
  }
}
