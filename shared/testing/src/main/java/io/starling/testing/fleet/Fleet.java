package io.starling.testing.fleet;

import io.starling.testing.client.Ack;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.wire.ClientPackets.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Devices that publish numbered messages at a rate, round robin. Methods may be called from any
 * thread. What waits in a device is bounded by its options; what does not fit counts as unanswered.
 * {@link #close} disconnects them all.
 */
public final class Fleet {
  private static final int TICK_MILLIS = 5;
  private static final long MAX_LATENCY_MICROS = TimeUnit.MINUTES.toMicros(10);

  private final Vertx vertx;
  private final FleetOptions options;
  private final EventLoops loops;
  private final NetClient client;
  private final List<VirtualDevice> devices;
  private final Recorder recorder = new Recorder(MAX_LATENCY_MICROS, 3);
  private final Histogram latency = new Histogram(MAX_LATENCY_MICROS, 3);
  private final AtomicLong published = new AtomicLong();
  private final LongAdder acked = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unanswered = new LongAdder();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile long startedNanos = System.nanoTime();
  private volatile long endedNanos;

  private Fleet(
      Vertx vertx, FleetOptions options, EventLoops loops, List<Credentials> credentials) {
    this.vertx = vertx;
    this.options = options;
    this.loops = loops;
    this.client = vertx.createNetClient(options.target().netOptions());
    this.devices =
        IntStream.range(0, credentials.size())
            .mapToObj(
                i ->
                    new VirtualDevice(
                        vertx, loops.get(i), client, options.deviceOptions(credentials.get(i))))
            .toList();
  }

  /** A fleet of one device for each of these credentials, not connected yet. */
  public static Future<Fleet> create(
      Vertx vertx, FleetOptions options, List<Credentials> credentials) {
    return EventLoops.open(vertx, options.eventLoops())
        .map(loops -> new Fleet(vertx, options, loops, List.copyOf(credentials)));
  }

  /** Connects all, at the options' pace; each tries for so long. Fails if one cannot connect. */
  public Future<Void> connect(Duration limit) {
    var connects = new ArrayList<Future<?>>();
    for (var i = 0; i < devices.size(); i++) {
      var device = devices.get(i);
      var after = 1 + i * 1000L / options.connectsPerSecond();
      connects.add(
          vertx
              .timer(after, TimeUnit.MILLISECONDS)
              .compose(_ -> device.connectWithin(limit))
              .recover(failure -> Future.failedFuture(device.id() + ": " + failure.getMessage())));
    }
    return Future.all(connects).mapEmpty();
  }

  /**
   * Publishes at this rate for this long and completes when the last has been handed to its device;
   * {@link #settle} waits for the answers. Latencies of {@link #report} count from here.
   */
  public Future<Void> drive(double perSecond, Duration duration) {
    Promise<Void> done = Promise.promise();
    startedNanos = System.nanoTime();
    endedNanos = 0;
    var first = published.get();
    var total = (long) (perSecond * duration.toNanos() / 1e9);
    vertx.setPeriodic(
        TICK_MILLIS,
        timer -> {
          var elapsed = System.nanoTime() - startedNanos;
          var due = Math.min(total, (long) (perSecond * elapsed / 1e9) + 1);
          for (var n = published.get() - first; n < due && !stopped.get(); n++) {
            var _ = publish(startedNanos + (long) (n * 1e9 / perSecond));
          }
          if (published.get() - first >= total || stopped.get()) {
            vertx.cancelTimer(timer);
            endedNanos = System.nanoTime();
            done.tryComplete();
          }
        });
    return done.future();
  }

  /** Publishes so many messages now, spread over the devices; completes with their answers. */
  public Future<Void> burst(int count) {
    var answers = new ArrayList<Future<?>>();
    for (var i = 0; i < count; i++) {
      answers.add(publish(System.nanoTime()).otherwiseEmpty());
    }
    return Future.join(answers).mapEmpty();
  }

  /** Ends {@link #drive} early. */
  public void stop() {
    stopped.set(true);
  }

  /** Waits until every publish is answered or given up, or the time is over; then reports. */
  public Future<FleetReport> settle(Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    Promise<FleetReport> done = Promise.promise();
    // Made elsewhere, a timer may fire before Vert.x knows it, and then cannot be cancelled.
    vertx.runOnContext(
        _ ->
            vertx.setPeriodic(
                1,
                TICK_MILLIS,
                timer -> {
                  if (isSettled() || System.nanoTime() > deadline) {
                    vertx.cancelTimer(timer);
                    done.tryComplete(report());
                  }
                }));
    return done.future();
  }

  public FleetReport report() {
    var until = endedNanos == 0 ? System.nanoTime() : endedNanos;
    return new FleetReport(
        Duration.ofNanos(until - startedNanos),
        devices.size(),
        (int) devices.stream().filter(VirtualDevice::isConnected).count(),
        published.get(),
        acked.sum(),
        refused.sum(),
        unanswered.sum(),
        devices.stream().mapToLong(VirtualDevice::reconnects).sum(),
        latency());
  }

  /** The devices; a stamp's device number is the index in this list. */
  public List<VirtualDevice> devices() {
    return devices;
  }

  /** The stamps' keys ({@code <device>-<sequence>}) of all accepted messages. */
  public List<String> acknowledged() {
    return IntStream.range(0, devices.size())
        .boxed()
        .flatMap(i -> devices.get(i).history().ackedSequences().stream().map(seq -> i + "-" + seq))
        .toList();
  }

  /** Disconnects all and ends the fleet. */
  public Future<Void> close() {
    stop();
    var ends = devices.stream().map(device -> device.disconnect().otherwiseEmpty()).toList();
    return Future.join(ends).eventually(client::close).eventually(loops::close).mapEmpty();
  }

  private Future<Ack> publish(long due) {
    var number = published.getAndIncrement();
    var index = (int) (number % devices.size());
    var topic = options.topic().apply((int) number);
    return devices
        .get(index)
        .publishNumbered(
            sequence ->
                new Message(
                    topic,
                    new Stamp(index, sequence, due).payload(options.payloadBytes()),
                    options.qos()))
        .onSuccess(ack -> answered(ack, due))
        .onFailure(_ -> unanswered.increment());
  }

  private void answered(Ack ack, long due) {
    if (ack.isAccepted()) {
      acked.increment();
      var micros = (System.nanoTime() - due) / 1000;
      recorder.recordValue(Math.clamp(micros, 0, MAX_LATENCY_MICROS));
    } else {
      refused.increment();
    }
  }

  private boolean isSettled() {
    return published.get() == acked.sum() + refused.sum() + unanswered.sum();
  }

  private Histogram latency() {
    synchronized (latency) {
      latency.add(recorder.getIntervalHistogram());
      return latency.copy();
    }
  }
}
