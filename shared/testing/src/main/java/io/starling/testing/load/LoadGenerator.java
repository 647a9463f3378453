package io.starling.testing.load;

import io.starling.testing.client.Credentials;
import io.starling.testing.client.Target;
import io.starling.testing.fleet.EventLoops;
import io.starling.testing.fleet.Stamp;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Many connections that publish, as fast as they may (at QoS 1) or at a rate, and subscribe.
 * Methods may be called from any thread. {@link #close} disconnects all of them.
 */
public final class LoadGenerator {
  private static final int CONNECTING_AT_ONCE = 200;
  private static final int ATTEMPTS = 3;

  private final Vertx vertx;
  private final LoadPlan plan;
  private final EventLoops loops;
  private final List<NetClient> clients = new ArrayList<>();
  private final List<Credentials> credentials;
  private final AtomicReferenceArray<@Nullable LoadConnection> connections;
  private final Tally tally = new Tally();
  private final AtomicReference<@Nullable Pacer> pacer = new AtomicReference<>();

  private LoadGenerator(
      Vertx vertx, LoadPlan plan, EventLoops loops, List<Credentials> credentials) {
    this.vertx = vertx;
    this.plan = plan;
    this.loops = loops;
    this.credentials = List.copyOf(credentials);
    this.connections = new AtomicReferenceArray<>(credentials.size());
    var targets =
        plan.sources().isEmpty()
            ? List.of(plan.target())
            : plan.sources().stream().map(plan.target()::from).toList();
    for (Target target : targets) {
      clients.add(vertx.createNetClient(target.netOptions().setConnectTimeout(30_000)));
    }
  }

  /** Connects one connection for each of these credentials; fails when one of them cannot. */
  public static Future<LoadGenerator> connect(
      Vertx vertx, LoadPlan plan, List<Credentials> credentials) {
    return EventLoops.open(vertx, plan.eventLoops())
        .compose(
            loops -> {
              var load = new LoadGenerator(vertx, plan, loops, credentials);
              var next = new AtomicInteger();
              var chains = new ArrayList<Future<?>>();
              for (var i = 0; i < CONNECTING_AT_ONCE; i++) {
                chains.add(load.connectNext(next));
              }
              return Future.all(chains)
                  .map(load)
                  .recover(
                      failure ->
                          load.close().transform(_ -> Future.<LoadGenerator>failedFuture(failure)));
            });
  }

  /** Keeps this many messages in flight on each connection until told otherwise. */
  public void saturate(int window) {
    for (var i = 0; i < publishers(); i++) {
      var connection = connections.get(i);
      if (connection != null) {
        context(i).runOnContext(_ -> connection.keepInFlight(window));
      }
    }
  }

  /** Sends so many messages a second, over the connections in turn, until {@link #quiesce}. */
  public void pace(double perSecond) {
    var next = new AtomicInteger();
    var started =
        new Pacer(
            perSecond,
            due -> {
              var index = Math.floorMod(next.getAndIncrement(), publishers());
              context(index).runOnContext(_ -> send(index, due));
            });
    stop(pacer.getAndSet(started));
  }

  private int publishers() {
    return plan.publishers(credentials.size());
  }

  /** Stops sending; completes when all is acknowledged, or this time is over. */
  public Future<Void> quiesce(Duration limit) {
    stop(pacer.getAndSet(null));
    each(connection -> connection.keepInFlight(0));
    var deadline = System.nanoTime() + limit.toNanos();
    Promise<Void> done = Promise.promise();
    vertx.setPeriodic(
        10,
        timer -> {
          var count = tally.count();
          if (count.acked() >= plan.qos() * count.sent() || System.nanoTime() > deadline) {
            vertx.cancelTimer(timer);
            done.tryComplete();
          }
        });
    return done.future();
  }

  /** Calls back, on an event loop, when a message with the tenth topic is acknowledged. */
  public void onTenthAcked(Consumer<Stamp> listener) {
    tally.onTenthAcked(listener);
  }

  public LoadCount count() {
    return tally.count();
  }

  /** Latencies in microseconds since the last call, from due to PUBACK. */
  public Histogram takeLatency() {
    return tally.takeLatency();
  }

  /** The same of deliveries, from due to the subscriber. */
  public Histogram takeDelivery() {
    return tally.takeDelivery();
  }

  public int connections() {
    return credentials.size();
  }

  public Future<Void> close() {
    stop(pacer.getAndSet(null));
    var ends = new ArrayList<Future<?>>();
    for (var i = 0; i < connections.length(); i++) {
      var connection = connections.get(i);
      if (connection != null) {
        Promise<Void> end = Promise.promise();
        context(i).runOnContext(_ -> connection.close().onComplete(end));
        ends.add(end.future());
      }
    }
    var closed = Future.join(ends).otherwiseEmpty();
    for (var client : clients) {
      closed = closed.eventually(client::close);
    }
    return closed.eventually(loops::close).mapEmpty();
  }

  private Future<Void> connectNext(AtomicInteger next) {
    var index = next.getAndIncrement();
    if (index >= credentials.size()) {
      return Future.succeededFuture();
    }
    Promise<Void> connected = Promise.promise();
    context(index).runOnContext(_ -> connect(index, ATTEMPTS).onComplete(connected));
    return connected.future().compose(_ -> connectNext(next));
  }

  private Future<Void> connect(int index, int attempts) {
    return clients
        .get(index % clients.size())
        .connect(
            new ConnectOptions()
                .setHost(plan.target().host())
                .setPort(plan.target().port())
                .setSsl(plan.target().tls()))
        .compose(
            socket ->
                new LoadConnection(index, credentials.size(), socket, plan, tally)
                    .handshake(credentials.get(index), plan.keepAliveSeconds()))
        .onSuccess(connection -> connections.set(index, connection))
        .<Void>mapEmpty()
        .recover(
            failure ->
                attempts > 1
                    ? vertx
                        .timer(200, TimeUnit.MILLISECONDS)
                        .compose(_ -> connect(index, attempts - 1))
                    : Future.failedFuture("connection " + index + ": " + failure.getMessage()));
  }

  private void send(int index, long due) {
    var connection = connections.get(index);
    if (connection != null) {
      connection.send(due);
    }
  }

  private void each(Consumer<LoadConnection> action) {
    for (var i = 0; i < connections.length(); i++) {
      var connection = connections.get(i);
      if (connection != null) {
        context(i).runOnContext(_ -> action.accept(connection));
      }
    }
  }

  private Context context(int index) {
    return loops.get(index);
  }

  private static void stop(@Nullable Pacer running) {
    if (running != null) {
      running.stop();
    }
  }
}
