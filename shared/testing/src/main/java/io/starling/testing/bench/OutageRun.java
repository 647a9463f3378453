package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Credentials;
import io.starling.testing.load.LoadCount;
import io.starling.testing.load.LoadGenerator;
import io.starling.testing.load.LoadPlan;
import io.starling.testing.server.ServerOptions;
import io.starling.testing.server.StarlingProcess;
import io.starling.testing.server.TemporaryFolder;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Endpoints that are down for an hour of events and then up: whether everything arrives, in order
 * where that is asked for, no faster than asked for, and how long that takes. The events of the
 * hour are published as fast as the server takes them. Fails if anything of this is not so. Blocks
 * its caller.
 */
final class OutageRun {
  /** As many as publish one event a second for an hour: 360,000 events. */
  private static final int DEVICES = 100;

  private static final String PREFIX = "outage/";
  private static final String TENTH = PREFIX + "tenth";

  /** What the limited integration is owed takes so long at its rate, less for few events. */
  private static final int LIMITED_SECONDS = 30;

  private static final int LEAST_LIMITED_SECONDS = 5;

  /** Above what is asked for: a second's worth may come a little early. */
  private static final double RATE_TOLERANCE = 1.2;

  private static final int WINDOW = 16;
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PARK_AFTER = Duration.ofSeconds(5);
  private static final Duration SETUP_LIMIT = Duration.ofMinutes(2);

  /** Probes of an endpoint that is down come once a minute at least. */
  private static final Duration PROBE_LIMIT = Duration.ofMinutes(2);

  /** What is expected to be published, parked and drained in a second, at the very least. */
  private static final int SLOWEST = 500;

  private final Vertx vertx;
  private final BenchOptions options;
  private final Results results;
  private final Consumer<String> progress;

  OutageRun(Vertx vertx, BenchOptions options, Results results, Consumer<String> progress) {
    this.vertx = vertx;
    this.options = options;
    this.results = results;
    this.progress = progress;
  }

  void run() {
    try (var data = TemporaryFolder.create();
        var server = StarlingProcess.start(parking(), data.path())) {
      var api = Await.get(CloudApi.logIn(vertx, server.env()), HookEnd.API_LIMIT);
      var product = server.env().get("PRODUCT_ID");
      var devices = Await.get(api.createDevices(product, DEVICES), SETUP_LIMIT);
      try (var any = OutageEnd.open(vertx, DEVICES);
          var ordered = OutageEnd.open(vertx, DEVICES);
          var limited = OutageEnd.open(vertx, DEVICES);
          var healthy = OutageEnd.open(vertx, DEVICES)) {
        var ends = new Ends(any, ordered, limited, healthy, rate());
        outage(server, api, devices, ends);
      }
      Await.done(api.close());
    }
  }

  private ServerOptions parking() {
    return options
        .server()
        .with(Map.of("STARLING_WEBHOOK_PARK_AFTER", PARK_AFTER.toSeconds() + "s"));
  }

  private double rate() {
    int seconds =
        Math.clamp(options.outageEvents() / 1_000, LEAST_LIMITED_SECONDS, LIMITED_SECONDS);
    return options.outageEvents() / 10.0 / seconds;
  }

  /** Endpoints, and the rate that the limited one asks for. */
  private record Ends(
      OutageEnd any, OutageEnd ordered, OutageEnd limited, OutageEnd healthy, double rate) {
    List<OutageEnd> all() {
      return List.of(any, ordered, limited, healthy);
    }
  }

  private void outage(StarlingProcess server, CloudApi api, List<Credentials> devices, Ends ends) {
    integrate(api, PREFIX, ends.any(), new JsonObject());
    integrate(api, PREFIX, ends.ordered(), new JsonObject().put("ordered", true));
    integrate(api, TENTH, ends.limited(), new JsonObject().put("rate", ends.rate()));
    integrate(api, PREFIX, ends.healthy(), new JsonObject());
    ends.any().refuse();
    ends.ordered().fail(500);
    ends.limited().fail(503);
    var sent = publish(server, devices, ends);
    awaitParked(server, 2 * sent.acked() + sent.tenths());
    progress.accept("    the endpoints are up again");
    ends.any().heal();
    ends.ordered().heal();
    ends.limited().heal();
    judge(ends, sent);
  }

  private static void integrate(CloudApi api, String event, OutageEnd end, JsonObject more) {
    var integration =
        new JsonObject()
            .put("event", event)
            .put("url", end.url())
            .put("integration_type", "Webhook")
            .mergeIn(more);
    Await.done(api.post("/v1/integrations", integration), HookEnd.API_LIMIT);
  }

  private LoadCount publish(StarlingProcess server, List<Credentials> devices, Ends ends) {
    progress.accept(
        "  outage: %,d events of %d devices while endpoints are down"
            .formatted(options.outageEvents(), DEVICES));
    var plan =
        LoadPlan.of(server.target())
            .withTopic(PREFIX + "temp")
            .withTenthTopic(TENTH)
            .withPayloadBytes(options.payloadBytes());
    var load = Await.get(LoadGenerator.connect(vertx, plan, devices), SETUP_LIMIT);
    try {
      long began = System.nanoTime();
      load.saturate(WINDOW);
      awaitOrFail("publishing", limit(), () -> load.count().acked() >= options.outageEvents());
      Await.done(load.quiesce(SETUP_LIMIT), SETUP_LIMIT.plusSeconds(5));
      var sent = load.count();
      if (sent.lost() > 0 || sent.acked() < sent.sent()) {
        throw new IllegalStateException(
            "the server lost %,d connections and left %,d messages unacknowledged"
                .formatted(sent.lost(), sent.sent() - sent.acked()));
      }
      results.add(Metric.OUTAGE_RATE, sent.acked() * 1e9 / (System.nanoTime() - began));
      awaitOrFail("the healthy one", limit(), () -> ends.healthy().count() >= sent.acked());
      results.add(Metric.OUTAGE_HEALTHY_P50, ends.healthy().latencyMillis(50));
      results.add(Metric.OUTAGE_HEALTHY_P99, ends.healthy().latencyMillis(99));
      return sent;
    } finally {
      Await.done(load.close(), SETUP_LIMIT);
    }
  }

  private Duration limit() {
    return Duration.ofSeconds(options.outageEvents() / SLOWEST).plus(PROBE_LIMIT);
  }

  /** Everything that is owed, but for the few that wait in memory for the next probe. */
  private void awaitParked(StarlingProcess server, long owed) {
    long began = System.nanoTime();
    awaitOrFail("parking", limit(), () -> parked(server) >= owed);
    double seconds = (System.nanoTime() - began) / 1e9;
    progress.accept(String.format(Locale.ROOT, "    %,d parked after %.0f s", owed, seconds));
    results.add(Metric.OUTAGE_PARKED, owed);
  }

  /** The server counts now and then only. */
  private static long parked(StarlingProcess server) {
    Meter.pause(LOOK);
    return server.figure("webhooks", "parked_deliveries");
  }

  private void judge(Ends ends, LoadCount sent) {
    awaitOrFail(
        "draining",
        limit(),
        () ->
            ends.any().count() >= sent.acked()
                && ends.ordered().count() >= sent.acked()
                && ends.limited().count() >= sent.tenths());
    results.add(Metric.OUTAGE_FIRST, ends.any().secondsToFirst());
    results.add(Metric.OUTAGE_DRAIN, ends.any().secondsToLast());
    results.add(Metric.OUTAGE_ORDERED_FIRST, ends.ordered().secondsToFirst());
    results.add(Metric.OUTAGE_ORDERED_DRAIN, ends.ordered().secondsToLast());
    results.add(Metric.OUTAGE_LIMITED_DRAIN, ends.limited().secondsToLast());
    results.add(Metric.OUTAGE_LIMITED_RATE, ends.limited().mostInASecond() / ends.rate());
    results.add(Metric.OUTAGE_DISORDER, ends.ordered().disorder());
    results.add(Metric.OUTAGE_REPEATS, ends.all().stream().mapToLong(OutageEnd::repeats).sum());
    results.add(Metric.OUTAGE_OTHER_IDS, ends.all().stream().mapToLong(OutageEnd::otherIds).sum());
    check(ends.ordered().disorder() == 0, "events were delivered out of order");
    check(
        ends.all().stream().allMatch(end -> end.otherIds() == 0),
        "a repeat bore another webhook-id");
    check(
        ends.limited().mostInASecond() <= RATE_TOLERANCE * ends.rate(),
        "%d deliveries within a second at a rate of %.0f"
            .formatted(ends.limited().mostInASecond(), ends.rate()));
  }

  private static void check(boolean isSo, String mistake) {
    if (!isSo) {
      throw new IllegalStateException(mistake);
    }
  }

  private static void awaitOrFail(String what, Duration limit, BooleanSupplier isSo) {
    Meter.await(isSo, limit);
    check(isSo.getAsBoolean(), what + " takes more than " + limit.toSeconds() + " s");
  }
}
