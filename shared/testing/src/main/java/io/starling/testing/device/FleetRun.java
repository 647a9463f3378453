package io.starling.testing.device;

import io.starling.testing.Await;
import io.starling.testing.client.Credentials;
import io.starling.testing.fleet.Fleet;
import io.starling.testing.fleet.FleetOptions;
import io.starling.testing.fleet.FleetReport;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** A fleet on the command line: connects, drives, shows how it goes, and reports. */
final class FleetRun {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(60);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(10);
  private static final long LIVE_MILLIS = 250;
  private static final long LOG_MILLIS = 5_000;

  private final Vertx vertx;
  private final Fleet fleet;
  private final PrintWriter out;
  private final boolean live;
  private boolean reported;

  FleetRun(
      Vertx vertx,
      FleetOptions options,
      List<Credentials> credentials,
      PrintWriter out,
      boolean live) {
    this.vertx = vertx;
    this.fleet = Await.get(Fleet.create(vertx, options, credentials));
    this.out = out;
    this.live = live;
  }

  /** Runs to the end and returns the report that it has printed. */
  FleetReport run(double rate, Duration duration) {
    var limit = CONNECT_LIMIT.plusMillis(fleet.devices().size() * 10L);
    Await.done(fleet.connect(CONNECT_LIMIT), limit);
    out.printf("connected %,d devices%n", fleet.devices().size());
    out.flush();
    var timer = vertx.setPeriodic(live ? LIVE_MILLIS : LOG_MILLIS, _ -> progress());
    Await.done(fleet.drive(rate, duration), duration.plusSeconds(60));
    vertx.cancelTimer(timer);
    return finish();
  }

  /** Stops, waits for what is on its way, and prints the report; later calls do nothing more. */
  synchronized FleetReport finish() {
    fleet.stop();
    var report = Await.get(fleet.settle(SETTLE_LIMIT), SETTLE_LIMIT.plusSeconds(5));
    if (!reported) {
      reported = true;
      out.print(live ? "\r\033[K" : "");
      out.println(report.summary());
      out.flush();
      Await.done(fleet.close());
    }
    return report;
  }

  /** {@link #finish} for one who does not need the report. */
  void end() {
    var _ = finish();
  }

  private void progress() {
    var line = fleet.report().progress();
    out.print(live ? "\r\033[K" + line : line + System.lineSeparator());
    out.flush();
  }
}
