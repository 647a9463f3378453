package io.starling.testing.fleet;

import io.starling.testing.Await;
import io.starling.testing.client.Backoff;
import io.starling.testing.client.ConnectRefused;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.Target;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.wire.MqttVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Many devices that lose their connections at once and all come back at once, each again with
 * back-off until it is in, while others publish. Every other one speaks MQTT 5. Blocks its caller;
 * for one thread.
 */
public final class Surge implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;
  private static final long LOOK_MILLIS = 20;

  /** Publishes of each of the others before the cut: the first ones load classes. */
  private static final int WARM = 10;

  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final Backoff AGAIN = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(8));

  private final Vertx vertx;
  private final EventLoops loops;
  private final NetClient client;
  private final List<VirtualDevice> many = new ArrayList<>();
  private final List<VirtualDevice> others = new ArrayList<>();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder unanswered = new LongAdder();
  private final LongAdder open = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final Recorder connects = new Recorder(MOST_MICROS, 3);
  private final Recorder publishes = new Recorder(MOST_MICROS, 3);
  private final Recorder lags = new Recorder(MOST_MICROS, 3);
  private volatile boolean looking;

  /**
   * What a surge came to.
   *
   * @param allBack from the cut until the last one was back
   * @param connects microseconds from each CONNECT that was let in, its TCP connection included, to
   *     its CONNACK
   * @param publishes microseconds from PUBLISH to PUBACK of the others meanwhile
   * @param lags microseconds by which an event loop of this process that has nothing else to do
   *     came late to a timer: what the machine itself adds to the latencies
   * @param refused answers that said no
   * @param failed attempts without an answer
   * @param unanswered publishes of the others that were refused, or lost their connection
   */
  public record Report(
      int devices,
      Duration allBack,
      Histogram connects,
      Histogram publishes,
      Histogram lags,
      long refused,
      long failed,
      long unanswered) {

    @Override
    public String toString() {
      return ("%,d devices back after %.1f s, CONNACK p50 %.0f ms, p99 %.0f ms; refused %,d times,"
              + " without an answer %,d times; PUBACK of others p99 %.0f ms, worst %.0f ms;"
              + " an idle event loop was up to %.0f ms late")
          .formatted(
              devices,
              allBack.toMillis() / 1e3,
              connects.getValueAtPercentile(50) / 1e3,
              connects.getValueAtPercentile(99) / 1e3,
              refused,
              failed,
              publishes.getValueAtPercentile(99) / 1e3,
              publishes.getMaxValue() / 1e3,
              lags.getMaxValue() / 1e3);
    }
  }

  private Surge(Vertx vertx, Target target, EventLoops loops) {
    this.vertx = vertx;
    this.loops = loops;
    this.client = vertx.createNetClient(target.netOptions().setConnectTimeout(30_000));
  }

  /** Connects the many and the others. */
  public static Surge open(
      Vertx vertx,
      Target target,
      List<Credentials> many,
      List<Credentials> others,
      Duration limit) {
    var surge = new Surge(vertx, target, Await.get(EventLoops.open(vertx, 4)));
    many.forEach(one -> surge.many.add(surge.device(target, one, surge.many.size(), 2)));
    others.forEach(one -> surge.others.add(surge.device(target, one, 2, 3)));
    var connected = new ArrayList<Future<?>>();
    surge.others.forEach(device -> connected.add(device.connectWithin(limit)));
    surge.many.forEach(device -> connected.add(surge.connect(device, 0)));
    Await.done(Future.all(connected), limit);
    return surge;
  }

  /** The others have an event loop to themselves, and one has nothing to do. */
  private VirtualDevice device(Target target, Credentials credentials, int index, int ofLoops) {
    var options =
        DeviceOptions.of(target, credentials)
            .withVersion(index % 2 == 0 ? MqttVersion.V3_1_1 : MqttVersion.V5)
            .withKeepAliveSeconds(600)
            .withoutReconnect();
    return new VirtualDevice(vertx, loops.get(index % ofLoops), client, options);
  }

  private Future<Void> connect(VirtualDevice device, int made) {
    long start = System.nanoTime();
    return device
        .connect()
        .onSuccess(_ -> record(connects, start))
        .<Void>mapEmpty()
        .recover(
            failure -> {
              (failure instanceof ConnectRefused ? refused : failed).increment();
              long pause = 1 + AGAIN.delay(made, ThreadLocalRandom.current()).toMillis();
              return vertx.timer(pause).compose(_ -> connect(device, made + 1));
            });
  }

  private static void record(Recorder recorder, long startNanos) {
    recorder.recordValue(Math.clamp((System.nanoTime() - startNanos) / 1_000, 0, MOST_MICROS));
  }

  /** Cuts the connections of the many, and waits until all are back. */
  public Report run(Duration limit) {
    long timer = vertx.setPeriodic(PERIOD_MILLIS, _ -> others.forEach(this::publish));
    try {
      Await.done(answered(answers.sum() + (long) WARM * others.size()), limit);
      publishes.reset();
      refused.reset();
      failed.reset();
      unanswered.reset();
      lags.reset();
      looking = true;
      loops.get(3).runOnContext(_ -> look());
      connects.reset();
      Await.done(Future.join(many.stream().map(VirtualDevice::cut).toList()), limit);
      long start = System.nanoTime();
      Await.done(Future.all(many.stream().map(device -> connect(device, 0)).toList()), limit);
      var allBack = Duration.ofNanos(System.nanoTime() - start);
      // Of each of the others at least one, also when the surge was over in a moment.
      Await.done(answered(answers.sum() + others.size()), limit);
      vertx.cancelTimer(timer);
      Await.done(allAnswered(), limit);
      return new Report(
          many.size(),
          allBack,
          connects.getIntervalHistogram(),
          publishes.getIntervalHistogram(),
          lags.getIntervalHistogram(),
          refused.sum(),
          failed.sum(),
          unanswered.sum());
    } finally {
      looking = false;
      vertx.cancelTimer(timer);
    }
  }

  private void look() {
    long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
    vertx.setTimer(
        LOOK_MILLIS,
        _ -> {
          record(lags, due);
          if (looking) {
            look();
          }
        });
  }

  private void publish(VirtualDevice device) {
    long start = System.nanoTime();
    open.increment();
    device
        .publish("surge", Buffer.buffer("x".repeat(100)), 1)
        .onComplete(
            ack -> {
              open.decrement();
              answers.increment();
              record(publishes, start);
              if (ack.failed() || !ack.result().isAccepted()) {
                unanswered.increment();
              }
            });
  }

  private Future<Void> allAnswered() {
    return open.sum() == 0 ? Future.succeededFuture() : vertx.timer(10).compose(_ -> allAnswered());
  }

  private Future<Void> answered(long wanted) {
    return answers.sum() >= wanted
        ? Future.succeededFuture()
        : vertx.timer(10).compose(_ -> answered(wanted));
  }

  /** How many of the many are connected. */
  public long connected() {
    return many.stream().filter(VirtualDevice::isConnected).count();
  }

  /** Ends all devices. */
  @Override
  public void close() {
    var ends = new ArrayList<Future<?>>();
    many.forEach(device -> ends.add(device.destroy()));
    others.forEach(device -> ends.add(device.destroy()));
    Await.done(
        Future.join(ends).otherwiseEmpty().eventually(client::close).eventually(loops::close),
        Duration.ofSeconds(60));
  }
}
