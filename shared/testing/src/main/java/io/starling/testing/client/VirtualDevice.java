package io.starling.testing.client;

import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Message;
import io.starling.testing.wire.ReasonCode;
import io.starling.testing.wire.ServerPacket;
import io.starling.testing.wire.ServerPacket.ConnAck;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A device over MQTT, for tests and tools.
 *
 * <p>Methods may be called from any thread; handlers and futures run on the device's event loop.
 * Nothing is thrown: failures arrive in the futures. {@link #disconnect} ends its life for good.
 */
public final class VirtualDevice {
  /** A connection that lasted this long starts the back-off anew. */
  private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Vertx vertx;
  private final Context context;
  private final NetClient client;
  private final DeviceOptions options;
  private final ClientPackets packets;
  private final History history = new History();
  private final AtomicLong reconnects = new AtomicLong();
  private final List<Consumer<ConnectionEvent>> connectionHandlers = new CopyOnWriteArrayList<>();

  // for the session
  private final DeviceSession session;
  private boolean ended;
  private int attempts;
  private int opened;
  private volatile Target target;

  // for this connection
  private volatile @Nullable MqttConnection connection;
  private long connectedAt;

  /** The NetClient and the context may be shared by many devices; this one closes neither. */
  public VirtualDevice(Vertx vertx, Context context, NetClient client, DeviceOptions options) {
    this.vertx = vertx;
    this.context = context;
    this.client = client;
    this.options = options;
    this.target = options.target();
    this.packets = new ClientPackets(options.session().version());
    this.session = new DeviceSession(options, packets);
  }

  /** A device with a NetClient of its own, on the caller's event loop or a new one. */
  public static VirtualDevice create(Vertx vertx, DeviceOptions options) {
    var client = vertx.createNetClient(options.target().netOptions());
    return new VirtualDevice(vertx, vertx.getOrCreateContext(), client, options);
  }

  /** Called with every message that arrives, before it is acknowledged. */
  public void onMessage(Consumer<Received> handler) {
    session.onMessage(handler);
  }

  /** Called with everything that happens to the connection. */
  public void onConnection(Consumer<ConnectionEvent> handler) {
    connectionHandlers.add(handler);
  }

  /**
   * One attempt to connect. Fails with {@link ConnectRefused} when the server says no. Once it has
   * succeeded, later losses are repaired as the options say.
   */
  public Future<ConnAck> connect() {
    return onContext(this::attempt);
  }

  /**
   * Attempts, with back-off between them, until one succeeds or the time is over; a refusal of the
   * credentials ends it at once.
   */
  public Future<ConnAck> connectWithin(Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    return onContext(() -> attemptUntil(deadline, 0));
  }

  /** Publishes and completes with the server's answer; QoS 0: when it was written. */
  public Future<Ack> publish(String topic, Buffer payload, int qos) {
    return publish(new Message(topic, payload, qos));
  }

  public Future<Ack> publish(Message message) {
    return publishNumbered(_ -> message);
  }

  /** Publishes a message made from its number in this device's {@link #history}. */
  public Future<Ack> publishNumbered(LongFunction<Message> message) {
    return onContext(
        () -> {
          var sequence = history.next();
          if (ended || (connection == null && !canWait())) {
            return Future.failedFuture(new NotSent("device is not connected"));
          }
          var answer = session.publish(sequence, message.apply(sequence)).onSuccess(this::remember);
          var now = connection;
          if (now != null) {
            session.pump(now);
          }
          return answer;
        });
  }

  /** Subscribes, now and after each reconnect that finds no session; completes with the codes. */
  public Future<List<Integer>> subscribe(int qos, String... topicFilters) {
    return connected(c -> session.subscribe(c, qos, List.of(topicFilters)));
  }

  public Future<Void> unsubscribe(String... topicFilters) {
    return connected(c -> session.unsubscribe(c, List.of(topicFilters)));
  }

  /** Ends the device with DISCONNECT; what has no answer yet fails. */
  public Future<Void> disconnect() {
    return end("device disconnected", MqttConnection::disconnect);
  }

  /** Loses the connection without DISCONNECT and ends the device, as when it is destroyed. */
  public Future<Void> destroy() {
    return end("device destroyed", MqttConnection::cut);
  }

  /** Loses the connection without DISCONNECT; the device comes back as its options say. */
  public Future<Void> cut() {
    return connected(MqttConnection::cut);
  }

  public boolean isConnected() {
    return connection != null;
  }

  /** What was published and what the server accepted. */
  public History history() {
    return history;
  }

  /** How often a lost connection was replaced by a new one. */
  public long reconnects() {
    return reconnects.get();
  }

  /** The node of the connection that stands, or of the last attempt. */
  public Target target() {
    return target;
  }

  public String id() {
    return options.credentials().id();
  }

  private boolean canWait() {
    return options.backoff() != null && options.sending().maxWaiting() > 0;
  }

  private void remember(Ack ack) {
    if (ack.isAccepted()) {
      history.accepted(ack.sequence());
    }
  }

  private Future<ConnAck> attemptUntil(long deadline, int made) {
    return attempt()
        .recover(
            failure -> {
              var wait = Backoff.DEFAULT.delay(made, ThreadLocalRandom.current());
              var refused =
                  failure instanceof ConnectRefused refusal
                      && ReasonCode.isBadCredentials(refusal.reasonCode());
              if (ended || refused || System.nanoTime() + wait.toNanos() > deadline) {
                return Future.failedFuture(failure);
              }
              return vertx
                  .timer(wait.toMillis() + 1, TimeUnit.MILLISECONDS)
                  .compose(_ -> attemptUntil(deadline, made + 1));
            });
  }

  private Future<ConnAck> attempt() {
    if (connection != null) {
      return Future.failedFuture("device is connected already");
    }
    target = options.target(opened++);
    return MqttConnection.open(vertx, client, options.withTarget(target), packets, new Link())
        .compose(opened -> begin(opened.connection(), opened.connAck()));
  }

  private Future<ConnAck> begin(MqttConnection opened, ConnAck answer) {
    if (ended || connection != null) {
      return opened
          .disconnect()
          .transform(_ -> Future.failedFuture(new NotSent("device has ended or is connected")));
    }
    connection = opened;
    connectedAt = System.nanoTime();
    session.begin(opened, answer);
    tell(new ConnectionEvent.Connected(answer.sessionPresent()));
    session.pump(opened);
    return Future.succeededFuture(answer);
  }

  private void lost(String cause, int reasonCode) {
    connection = null;
    if (System.nanoTime() - connectedAt > STABLE_NANOS) {
      attempts = 0;
    }
    if (!ended) {
      tell(new ConnectionEvent.Lost(cause, reasonCode));
    }
    session.interrupted(cause);
    // Whoever took the session over wants it: coming back would throw that one out, and so on.
    if (reasonCode == ReasonCode.SESSION_TAKEN_OVER && !options.insists()) {
      ended = true;
    }
    retry(cause);
  }

  private void retry(String cause) {
    var backoff = options.backoff();
    if (ended || backoff == null) {
      session.ended(cause);
      tell(new ConnectionEvent.Ended(cause));
      return;
    }
    var delay = backoff.delay(attempts++, ThreadLocalRandom.current());
    tell(new ConnectionEvent.RetryIn(delay, cause));
    vertx.setTimer(delay.toMillis() + 1, _ -> again());
  }

  private void again() {
    if (ended || connection != null) {
      return;
    }
    attempt()
        .onSuccess(_ -> reconnects.incrementAndGet())
        .onFailure(failure -> retry(String.valueOf(failure.getMessage())));
  }

  private void tell(ConnectionEvent event) {
    connectionHandlers.forEach(handler -> handler.accept(event));
  }

  private Future<Void> end(String cause, Function<MqttConnection, Future<Void>> how) {
    return onContext(
        () -> {
          ended = true;
          session.ended(cause);
          var last = connection;
          return last == null ? Future.succeededFuture() : how.apply(last);
        });
  }

  private <T> Future<T> connected(Function<MqttConnection, Future<T>> action) {
    return onContext(
        () -> {
          var now = connection;
          return now == null
              ? Future.failedFuture(new NotSent("device is not connected"))
              : action.apply(now);
        });
  }

  private <T> Future<T> onContext(Supplier<Future<T>> action) {
    if (Context.isOnEventLoopThread() && context.equals(Vertx.currentContext())) {
      return action.get();
    }
    Promise<T> done = Promise.promise();
    context.runOnContext(_ -> action.get().onComplete(done));
    return done.future();
  }

  /** Hears of its connections; of one that came too late it wants to know nothing. */
  private final class Link implements MqttConnection.Owner {
    @Override
    public void received(MqttConnection from, ServerPacket packet) {
      session.received(from, packet);
    }

    @Override
    public void closed(MqttConnection which, String cause, int reasonCode) {
      if (which.equals(connection)) {
        lost(cause, reasonCode);
      }
    }
  }
}
