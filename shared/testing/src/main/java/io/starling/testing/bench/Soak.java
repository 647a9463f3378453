package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.load.LoadGenerator;
import io.starling.testing.load.LoadPlan;
import io.starling.testing.load.LoadPlan.Pattern;
import io.starling.testing.process.ProcessCost;
import io.starling.testing.server.ServerOptions;
import io.starling.testing.server.StarlingProcess;
import io.starling.testing.server.TemporaryFolder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A server under an even load for a long time, from device to device and into the database: whether
 * its memory stays flat. Blocks its caller.
 */
final class Soak {
  /** The journal holds what is younger: so that an hour is long against it. */
  private static final String RETENTION = "3m";

  private static final double GROWTH = 1.10;
  private static final double SLACK_MEGABYTES = 16;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final BenchOptions options;
  private final Consumer<String> progress;
  private final List<Double> heaps = new ArrayList<>();
  private final List<Double> residents = new ArrayList<>();

  Soak(Vertx vertx, BenchOptions options, Consumer<String> progress) {
    this.vertx = vertx;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs.
   *
   * @param rate messages a second
   * @return whether memory stayed flat, and nothing was lost
   */
  boolean run(Duration time, double rate) {
    var more = new HashMap<>(options.server().environment());
    more.putIfAbsent("STARLING_JOURNAL_RETENTION", RETENTION);
    var server = options.server();
    var kept = new ServerOptions(server.command(), server.jvmFlags(), more, server.lib());
    try (var data = TemporaryFolder.create();
        var starling = StarlingProcess.start(kept, data.path())) {
      var api = Await.get(CloudApi.logIn(vertx, starling.env()), LIMIT);
      var product = starling.env().get("PRODUCT_ID");
      var devices = Await.get(api.createDevices(product, options.connections() & ~1), LIMIT);
      Await.done(api.close());
      var plan = LoadPlan.of(starling.target()).with(Pattern.PAIRS, 1);
      var load = Await.get(LoadGenerator.connect(vertx, plan, devices), LIMIT);
      try {
        load.pace(rate);
        look(starling, load, time);
        Await.done(load.quiesce(Duration.ofSeconds(30)), LIMIT);
        return verdict(load);
      } finally {
        Await.done(load.close(), LIMIT);
      }
    }
  }

  /** Twelve times, or once a minute if that is more often. */
  private void look(StarlingProcess server, LoadGenerator load, Duration time) {
    var step = time.dividedBy(Math.max(12, time.toMinutes()));
    var steps = Math.toIntExact(time.dividedBy(step));
    for (var n = 1; n <= steps; n++) {
      Meter.pause(step);
      heaps.add(server.heapAfterCollection() / 1e6);
      residents.add(ProcessCost.of(server.pid()).residentBytes() / 1e6);
      var count = load.count();
      progress.accept(
          String.format(
              Locale.ROOT,
              "%3d of %d: heap %.1f MB, resident %.1f MB; sent %,d, acknowledged %,d,"
                  + " delivered %,d, lost connections %d; PUBACK p99 %.1f ms",
              n,
              steps,
              heaps.getLast(),
              residents.getLast(),
              count.sent(),
              count.acked(),
              count.delivered(),
              count.lost(),
              load.takeLatency().getValueAtPercentile(99) / 1e3));
    }
  }

  private boolean verdict(LoadGenerator load) {
    var count = load.count();
    var whole = count.acked() == count.sent() && count.delivered() >= count.acked();
    var flat = isFlat(heaps) && isFlat(residents);
    progress.accept(
        String.format(
            Locale.ROOT,
            "heap %.1f to %.1f MB, resident %.1f to %.1f MB (medians of the second and the last"
                + " quarter): %s; %,d acknowledged of %,d, %,d delivered: %s",
            quarter(heaps, 1),
            quarter(heaps, 3),
            quarter(residents, 1),
            quarter(residents, 3),
            flat ? "flat" : "GROWS",
            count.acked(),
            count.sent(),
            count.delivered(),
            whole && count.lost() == 0 ? "nothing lost" : "LOST"));
    return flat && whole && count.lost() == 0;
  }

  /** What comes first is the compiler's and the caches'. */
  static boolean isFlat(List<Double> megabytes) {
    return quarter(megabytes, 3) <= quarter(megabytes, 1) * GROWTH + SLACK_MEGABYTES;
  }

  private static double quarter(List<Double> values, int number) {
    var size = values.size();
    var part =
        values.subList(size * number / 4, Math.max(size * number / 4 + 1, size * (number + 1) / 4));
    return part.stream().sorted().toList().get(part.size() / 2);
  }
}
