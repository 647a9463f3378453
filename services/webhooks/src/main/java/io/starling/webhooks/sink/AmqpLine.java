package io.starling.webhooks.sink;

import io.starling.webhooks.request.Broker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A publisher of AMQP 0-9-1 with confirms, over one connection, which the next message opens again
 * when it is lost. The client blocks when it connects and when a broker reads no more, so it has a
 * thread of its own.
 *
 * <p>Never taken is what AMQP or the broker has no room for. All else may be taken later: a message
 * that no queue is bound for, an exchange that is missing and a right that is not granted too,
 * because a customer repairs these without telling us. The broker closes the channel for the last
 * two, which ends the attempts of the messages beside as well; they are tried again.
 */
final class AmqpLine implements Line {
  /** Short strings of AMQP: names, keys, ids. */
  private static final int MOST_BYTES = 255;

  /** More than deliveries under way to one integration. */
  private static final int MOST_WAITING = 1024;

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Broker broker;
  private final long timeoutMillis;
  private final Supplier<SocketFactory> tls;
  private final WorkerExecutor worker;

  /** Of the event loop alone. */
  private int waiting;

  /** Of the worker's thread alone. */
  private int connections;

  /** Opened by the worker's thread, and cut by the event loop when that thread is stuck. */
  private volatile @Nullable AmqpConnection open;

  private volatile boolean closed;

  AmqpLine(Vertx vertx, Broker broker, Duration timeout, Supplier<SocketFactory> tls) {
    this.vertx = vertx;
    this.broker = broker;
    this.timeoutMillis = timeout.toMillis();
    this.tls = tls;
    this.worker = vertx.createSharedWorkerExecutor("amqp-" + System.identityHashCode(this), 1);
  }

  @Override
  public Future<Void> publish(Broker.Message message) {
    var tooLong = tooLong(message);
    if (tooLong.isPresent()) {
      return Future.failedFuture(
          new IllegalArgumentException(tooLong.get() + " is longer than 255 bytes"));
    }
    if (waiting >= MOST_WAITING) {
      return Future.failedFuture("too many messages wait for the broker's confirm");
    }
    waiting++;
    var sent = new AmqpMessage(message, vertx.getOrCreateContext());
    Callable<Void> hand =
        () -> {
          hand(sent);
          return null;
        };
    return worker
        .executeBlocking(hand)
        .compose(_ -> sent.confirmed(), AmqpLine::refused)
        .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .onComplete(result -> ended(sent, result.cause()));
  }

  private static Optional<String> tooLong(Broker.Message message) {
    if (isTooLong(message.topic())) {
      return Optional.of("exchange");
    }
    if (isTooLong(message.key())) {
      return Optional.of("key");
    }
    return message.headers().keySet().stream()
        .filter(AmqpLine::isTooLong)
        .findFirst()
        .map(_ -> "the name of a header");
  }

  private static boolean isTooLong(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
  }

  private void hand(AmqpMessage sent) throws Exception {
    if (sent.isOver()) {
      return; // its deadline passed while it waited for this thread
    }
    if (closed) {
      throw new IllegalStateException("closed");
    }
    var connection = open;
    if (connection == null || !connection.isOpen()) {
      // The hosts take turns.
      var host = broker.hosts().get(connections++ % broker.hosts().size());
      connection = AmqpConnection.open(broker, host, tls);
      open = connection;
    }
    connection.publish(sent);
  }

  private void ended(AmqpMessage sent, @Nullable Throwable cause) {
    waiting--;
    sent.end();
    if (cause instanceof TimeoutException && !sent.isHanded()) {
      cut(); // the worker's thread writes to a broker that does not read
    }
  }

  private static Future<Void> refused(Throwable failure) {
    return Future.failedFuture(AmqpConnection.told(failure));
  }

  private void cut() {
    var connection = open;
    if (connection != null) {
      connection.cut();
    }
  }

  @Override
  public void close() {
    closed = true;
    Callable<Void> end =
        () -> {
          var connection = open;
          if (connection != null) {
            connection.close();
          }
          return null;
        };
    // The thread may be stuck in a write, or the broker may not answer that we go.
    long limit = vertx.setTimer(CLOSE_LIMIT.toMillis(), _ -> cut());
    var _ =
        worker
            .executeBlocking(end)
            .onComplete(
                _ -> {
                  var _ = vertx.cancelTimer(limit);
                  var _ = worker.close();
                });
  }
}
