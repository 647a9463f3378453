package io.starling.webhooks.sink;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MissedHeartbeatException;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.SocketConfigurators;
import io.starling.webhooks.request.Broker;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a broker of AMQP, with one channel that has every message confirmed. A broker
 * that is frozen is noticed within three heartbeats. Methods block, but {@link #isOpen} and {@link
 * #cut}; one thread opens, publishes and closes, and the broker's answers come on another.
 */
final class AmqpConnection {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int HEARTBEAT_SECONDS = 5;
  private static final int CLOSE_MILLIS = 2_000;
  private static final int PRECONDITION_FAILED = 406;
  private static final Pattern SIZE = Pattern.compile("message size (\\d+)");

  private final Socket socket;
  private final Connection connection;
  private final Channel channel;

  /** What is not confirmed yet, by its number in the channel. */
  private final NavigableMap<Long, AmqpMessage> waiting = new ConcurrentSkipListMap<>();

  private volatile @Nullable String blocked;

  private AmqpConnection(Socket socket, Connection connection) throws IOException {
    this.socket = socket;
    this.connection = connection;
    this.channel = Objects.requireNonNull(connection.createChannel(), "the broker has no channel");
    connection.addBlockedListener(reason -> blocked = reason, () -> blocked = null);
    channel.addConfirmListener(this::acknowledged, this::refused);
    channel.addReturnListener(this::returned);
    channel.addShutdownListener(this::ended);
    var _ = channel.confirmSelect();
  }

  /**
   * Connects, within 10 s.
   *
   * @param tls makes sockets for a secure broker, whose certificate has to bear the host's name
   */
  static AmqpConnection open(Broker broker, Broker.Host host, Supplier<SocketFactory> tls)
      throws IOException, TimeoutException {
    var socket = new AtomicReference<Socket>();
    var connection = factory(broker, host, tls, socket).newConnection("starling");
    try {
      return new AmqpConnection(Objects.requireNonNull(socket.get()), connection);
    } catch (IOException | RuntimeException e) {
      connection.abort(CLOSE_MILLIS);
      throw e;
    }
  }

  private static ConnectionFactory factory(
      Broker broker,
      Broker.Host host,
      Supplier<SocketFactory> tls,
      AtomicReference<Socket> socket) {
    var factory = new ConnectionFactory();
    factory.setHost(host.name());
    factory.setPort(host.port());
    factory.setVirtualHost(broker.virtualHost());
    var credentials = broker.credentials(); // RabbitMQ's guest if there are none
    if (credentials != null) {
      factory.setUsername(credentials.username());
      factory.setPassword(credentials.password());
    }
    // The engine of deliveries tries again; the library must not do so as well.
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(CONNECT_MILLIS);
    factory.setChannelRpcTimeout(CONNECT_MILLIS);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setThreadFactory(Thread.ofVirtual().factory());
    // Without it the end of a connection waits for the write that is stuck in it.
    factory.setShutdownExecutor(Executors.newVirtualThreadPerTaskExecutor());
    factory.setSocketConfigurator(
        SocketConfigurators.defaultConfigurator()
            .andThen(
                made -> {
                  made.setSoLinger(true, 0);
                  socket.set(made);
                }));
    if (broker.secure()) {
      factory.setSocketFactory(tls.get());
      factory.enableHostnameVerification();
    }
    return factory;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Hands a message to the broker, which confirms it later. */
  void publish(AmqpMessage sent) throws IOException {
    String reason = blocked;
    if (reason != null) {
      throw new IOException("the broker takes nothing now: " + reason);
    }
    var message = sent.message();
    var properties = sent.properties();
    long number = channel.getNextPublishSeqNo();
    waiting.put(number, sent);
    try {
      channel.basicPublish(message.topic(), message.key(), true, properties, message.body());
      sent.handed();
    } catch (IOException | RuntimeException e) {
      // It may have a number here and none at the broker: confirms could not be told apart.
      cut();
      throw e;
    }
    var _ = sent.confirmed().onComplete(_ -> waiting.remove(number));
  }

  private void acknowledged(long number, boolean andBefore) {
    take(number, andBefore).forEach(AmqpMessage::confirm);
  }

  private void refused(long number, boolean andBefore) {
    var cause = new IOException("the broker has not taken it (nack)");
    take(number, andBefore).forEach(sent -> sent.fail(cause));
  }

  private Iterable<AmqpMessage> take(long number, boolean andBefore) {
    var numbers =
        andBefore ? waiting.headMap(number, true) : waiting.subMap(number, true, number, true);
    var taken = List.copyOf(numbers.values());
    numbers.clear();
    return taken;
  }

  /** A confirm follows, which only says that the broker is done with it. */
  private void returned(Return back) {
    String id = back.getProperties().getMessageId();
    var cause =
        new IOException(
            "no queue takes it (%s): exchange \"%s\", routing key \"%s\""
                .formatted(back.getReplyText(), back.getExchange(), back.getRoutingKey()));
    waiting.values().stream()
        .filter(sent -> sent.message().id().equals(id))
        .findFirst()
        .ifPresent(sent -> sent.fail(cause));
  }

  private void ended(ShutdownSignalException signal) {
    int tooLarge = sizeRefused(signal);
    var cause = told(signal);
    for (var sent : take(Long.MAX_VALUE, true)) {
      sent.fail(
          sent.message().body().length == tooLarge
              ? new IllegalArgumentException(cause.getMessage())
              : cause);
    }
  }

  /** The size of the message that the broker will never take; -1 if it ended for another reason. */
  private static int sizeRefused(ShutdownSignalException signal) {
    if (signal.getReason() instanceof AMQP.Channel.Close close
        && close.getReplyCode() == PRECONDITION_FAILED) {
      var size = SIZE.matcher(close.getReplyText());
      return size.find() ? Integer.parseInt(size.group(1)) : -1;
    }
    return -1;
  }

  /** The same failure as one says it to a customer: in the broker's words if it had any. */
  static Throwable told(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case IllegalArgumentException never -> {
          return never;
        }
        case MissedHeartbeatException _ -> {
          return new IOException("the broker is silent", failure);
        }
        case ShutdownSignalException end -> {
          if (words(end) != null) {
            return new IOException(words(end), failure);
          }
        }
        default -> {}
      }
    }
    return failure instanceof ShutdownSignalException || failure.getMessage() == null
        ? new IOException("the connection to the broker is lost", failure)
        : failure;
  }

  private static @Nullable String words(ShutdownSignalException end) {
    return switch (end.getReason()) {
      case AMQP.Connection.Close close when !end.isInitiatedByApplication() -> close.getReplyText();
      case AMQP.Channel.Close close -> close.getReplyText();
      case null, default -> null;
    };
  }

  /** Takes leave of the broker; what waits fails. */
  void close() {
    connection.abort(CLOSE_MILLIS);
  }

  /** Ends it at once, whatever it is doing; what waits fails. */
  void cut() {
    // A socket of TLS may wait in its close, too.
    var _ =
        Thread.startVirtualThread(
            () -> {
              try {
                socket.close();
              } catch (IOException _) {
                // it is gone
              }
            });
  }
}
