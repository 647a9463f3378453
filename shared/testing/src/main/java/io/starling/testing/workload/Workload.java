package io.starling.testing.workload;

import io.starling.testing.client.Backoff;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.Target;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.fleet.EventLoops;
import io.starling.testing.history.Execution;
import io.starling.testing.history.PublicationLog;
import io.starling.testing.wire.MqttVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * The devices of a run: half speak MQTT 5, every fourth sends again what a lost connection left
 * unanswered. They publish round robin at a rate, as long as they are connected. Methods may be
 * called from any thread.
 */
public final class Workload {
  private static final int TICK_MILLIS = 10;
  private static final int LOOK_MILLIS = 250;
  private static final int CONNECTS_PER_SECOND = 200;
  private static final int MOST_AT_ONCE = 200;

  private final Vertx vertx;
  private final EventLoops loops;
  private final PublicationLog log;
  private final List<ChaosDevice> devices;
  private final List<Execution> executions = Collections.synchronizedList(new ArrayList<>());
  private long dueSince;
  private long published;
  private int next;
  private long tick = -1;
  private long look = -1;

  private Workload(
      Vertx vertx,
      EventLoops loops,
      List<Target> targets,
      List<Credentials> credentials,
      String event) {
    this.vertx = vertx;
    this.loops = loops;
    this.log = new PublicationLog(credentials.size());
    var client = vertx.createNetClient(targets.getFirst().netOptions());
    this.devices =
        IntStream.range(0, credentials.size())
            .mapToObj(
                i ->
                    new ChaosDevice(
                        i,
                        new VirtualDevice(
                            vertx, loops.get(0), client, options(i, targets, credentials.get(i))),
                        redelivers(i),
                        event,
                        log,
                        executions::add))
            .toList();
  }

  /** Devices with these credentials, not connected yet. */
  public static Future<Workload> create(
      Vertx vertx, List<Target> targets, List<Credentials> credentials, String event) {
    return EventLoops.open(vertx, 1)
        .map(loops -> new Workload(vertx, loops, targets, credentials, event));
  }

  private static boolean redelivers(int device) {
    return device % 4 == 3;
  }

  private static DeviceOptions options(int device, List<Target> targets, Credentials credentials) {
    var order = new ArrayList<>(targets);
    Collections.rotate(order, -device % targets.size());
    var options =
        DeviceOptions.of(order.getFirst(), credentials)
            .withOthers(order.subList(1, order.size()))
            .withVersion(device % 2 == 0 ? MqttVersion.V3_1_1 : MqttVersion.V5)
            .withKeepAliveSeconds(5)
            .withConnectTimeout(Duration.ofSeconds(3))
            .withBackoff(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)))
            // A CONNECT that it gave up, and a gateway reads when it thaws, takes its session over.
            .insisting();
    // Which connection an event goes out in is known only if it never waits for another one.
    return redelivers(device) ? options.redelivering() : options.withMaxWaiting(0);
  }

  public PublicationLog log() {
    return log;
  }

  /** What the devices were called for. */
  public List<Execution> executions() {
    synchronized (executions) {
      return List.copyOf(executions);
    }
  }

  public int size() {
    return devices.size();
  }

  /** The id of a device by its number. */
  public String id(int device) {
    return devices.get(device).device().id();
  }

  /** Where a device's connection of this number went, if that can be said of its events. */
  public Optional<String> gateway(int device, int session) {
    return devices.get(device).gateway(session);
  }

  /** Connects all; fails if one cannot within this time. */
  public Future<Void> connect(Duration limit) {
    var all = new ArrayList<Future<?>>();
    for (var i = 0; i < devices.size(); i++) {
      var device = devices.get(i);
      var after = 1 + i * 1_000L / CONNECTS_PER_SECOND;
      all.add(vertx.timer(after).compose(_ -> device.connect(limit)));
    }
    return Future.all(all).mapEmpty();
  }

  /** Begins to publish so many events a second. */
  public Future<Void> start(double perSecond) {
    return onLoop(
        () -> {
          dueSince = System.nanoTime();
          tick = vertx.setPeriodic(TICK_MILLIS, _ -> publish(perSecond));
          look = vertx.setPeriodic(LOOK_MILLIS, _ -> devices.forEach(ChaosDevice::look));
          return null;
        });
  }

  /** What nobody could send, since none was connected, is not made up for. */
  private void publish(double perSecond) {
    var due = (long) ((System.nanoTime() - dueSince) / 1e9 * perSecond);
    var most = Math.min(due - published, MOST_AT_ONCE);
    for (var i = 0; i < most; i++) {
      var _ = devices.get(next++ % devices.size()).publish();
    }
    published = due;
  }

  /** Publishes no more; devices stay connected and answer calls. */
  public Future<Void> stop() {
    return onLoop(
        () -> {
          vertx.cancelTimer(tick);
          return null;
        });
  }

  /** How many events have no answer yet. */
  public Future<Integer> unanswered() {
    return onLoop(() -> devices.stream().mapToInt(ChaosDevice::unanswered).sum());
  }

  public Future<Void> close() {
    return stop()
        .compose(
            _ ->
                onLoop(
                    () -> {
                      vertx.cancelTimer(look);
                      return null;
                    }))
        .compose(
            _ ->
                Future.join(
                    devices.stream()
                        .map(device -> device.device().disconnect().otherwiseEmpty())
                        .toList()))
        .otherwiseEmpty()
        .eventually(loops::close)
        .mapEmpty();
  }

  private <T> Future<T> onLoop(Callable<T> action) {
    return Future.future(
        promise ->
            loops
                .get(0)
                .runOnContext(
                    _ -> {
                      try {
                        promise.complete(action.call());
                      } catch (Exception e) {
                        promise.fail(e);
                      }
                    }));
  }
}
