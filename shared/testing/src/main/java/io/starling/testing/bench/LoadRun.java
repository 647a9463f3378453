package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.client.Credentials;
import io.starling.testing.fleet.Stamp;
import io.starling.testing.load.LoadCount;
import io.starling.testing.load.LoadGenerator;
import io.starling.testing.load.LoadPlan;
import io.starling.testing.server.ServerUnderTest;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A load on a server, saturated and then at a fixed rate, with what to measure it by. */
final class LoadRun implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofMinutes(2);
  private static final Duration QUIESCE_LIMIT = Duration.ofSeconds(10);

  private final BenchOptions options;
  private final LoadGenerator load;
  private final Meter meter;

  /** 1 if every message is, 0 at QoS 0. */
  private final int acknowledged;

  private LoadRun(BenchOptions options, LoadGenerator load, Meter meter, int acknowledged) {
    this.acknowledged = acknowledged;
    this.options = options;
    this.load = load;
    this.meter = meter;
  }

  static LoadRun open(
      Vertx vertx,
      BenchOptions options,
      ServerUnderTest server,
      List<Credentials> credentials,
      String tenthTopic,
      Results results) {
    var plan = LoadPlan.of(server.target()).withTenthTopic(tenthTopic);
    return open(vertx, options, server, credentials, plan, results);
  }

  /** With this plan, but for the size of its messages. */
  static LoadRun open(
      Vertx vertx,
      BenchOptions options,
      ServerUnderTest server,
      List<Credentials> credentials,
      LoadPlan roles,
      Results results) {
    var plan = roles.withPayloadBytes(options.payloadBytes());
    var load = Await.get(LoadGenerator.connect(vertx, plan, credentials), CONNECT_LIMIT);
    return new LoadRun(options, load, new Meter(options, server, load, results), plan.qos());
  }

  /** As fast as the server takes them: warms up, then measures. */
  Interval saturated() {
    load.saturate(options.window());
    meter.warmUp(options.leastWarmIntervals());
    var measured = meter.measure();
    quiesce();
    return measured;
  }

  /** As fast as the server takes them, without a warm-up: for what follows from it. */
  void burst() {
    load.saturate(options.window());
    Meter.pause(options.measured());
    quiesce();
  }

  /** As fast as the server takes them, until all that follows from it is done. */
  Interval saturatedAndDrained(Runnable arrived) {
    var mark = meter.mark();
    load.saturate(options.window());
    Meter.pause(options.measured());
    quiesce();
    arrived.run();
    meter.settle();
    return meter.since(mark);
  }

  /** At the options' rate, warm, until this has been done. */
  <T> T paced(Function<Meter, T> work) {
    return paced(options.rate(), work);
  }

  private <T> T paced(double rate, Function<Meter, T> work) {
    load.pace(rate);
    meter.warmUp(0);
    var done = work.apply(meter);
    quiesce();
    return done;
  }

  /** Calls back when a message with the tenth topic is acknowledged. */
  void onTenthAcked(Consumer<Stamp> listener) {
    load.onTenthAcked(listener);
  }

  /** At the options' rate: warms up, calls back, then measures. */
  Interval paced(Runnable warm) {
    return paced(options.rate(), warm);
  }

  /** At this rate. */
  Interval paced(double rate, Runnable warm) {
    return paced(
        rate,
        warmMeter -> {
          warm.run();
          return warmMeter.measure();
        });
  }

  void settle() {
    meter.settle();
  }

  LoadCount count() {
    return load.count();
  }

  private void quiesce() {
    Await.done(load.quiesce(QUIESCE_LIMIT), QUIESCE_LIMIT.plusSeconds(5));
    var count = load.count();
    if (count.lost() > 0 || count.acked() < acknowledged * count.sent()) {
      throw new IllegalStateException(
          "the server lost %,d connections and left %,d messages unacknowledged"
              .formatted(count.lost(), count.sent() - count.acked()));
    }
  }

  @Override
  public void close() {
    Await.done(load.close(), Duration.ofSeconds(60));
  }
}
