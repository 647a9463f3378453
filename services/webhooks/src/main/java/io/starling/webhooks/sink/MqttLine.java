package io.starling.webhooks.sink;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.starling.contract.TopicFilter;
import io.starling.webhooks.request.Broker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An MQTT 3.1.1 client that publishes at QoS 1. Belongs to one event loop. */
final class MqttLine implements Line {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private final Vertx vertx;
  private final Broker broker;
  private @Nullable Future<MqttClient> client;
  private @Nullable Map<Integer, Promise<Void>> waiting;
  private int connections;
  private boolean closed;

  MqttLine(Vertx vertx, Broker broker) {
    this.vertx = vertx;
    this.broker = broker;
  }

  @Override
  public Future<Void> publish(Broker.Message message) {
    if (!TopicFilter.isTopicName(message.topic())) {
      return Future.failedFuture(
          new IllegalArgumentException("topic renders to no topic name of MQTT"));
    }
    return client()
        .compose(
            open ->
                open.publish(
                        message.topic(),
                        Buffer.buffer(message.body()),
                        MqttQoS.AT_LEAST_ONCE,
                        false,
                        false)
                    .compose(this::acknowledged));
  }

  private Future<Void> acknowledged(int packet) {
    if (waiting == null) {
      return Future.failedFuture("the connection to the broker is lost");
    }
    Promise<Void> acknowledged = Promise.promise();
    waiting.put(packet, acknowledged);
    return acknowledged.future();
  }

  private Future<MqttClient> client() {
    if (closed) {
      return Future.failedFuture("closed");
    }
    if (client == null) {
      client = connect().onFailure(_ -> client = null);
    }
    return client;
  }

  private Future<MqttClient> connect() {
    var options =
        new MqttClientOptions()
            .setClientId("starling-" + UUID.randomUUID())
            .setCleanSession(true)
            .setAutoKeepAlive(true)
            .setKeepAliveInterval(KEEP_ALIVE_SECONDS)
            .setMaxMessageSize(MAX_MESSAGE_BYTES)
            .setSsl(broker.secure())
            .setHostnameVerificationAlgorithm(broker.secure() ? "HTTPS" : "");
    options.setConnectTimeout(CONNECT_MILLIS);
    var credentials = broker.credentials();
    if (credentials != null) {
      options.setUsername(credentials.username()).setPassword(credentials.password());
    }
    var made = MqttClient.create(vertx, options);
    var acknowledgements = new HashMap<Integer, Promise<Void>>();
    made.publishCompletionHandler(
        packet -> {
          var one = acknowledgements.remove(packet);
          if (one != null) {
            one.tryComplete();
          }
        });
    int number = ++connections;
    made.closeHandler(_ -> lost(number, acknowledgements));
    made.exceptionHandler(_ -> lost(number, acknowledgements));
    // The hosts take turns.
    var host = broker.hosts().get(number % broker.hosts().size());
    return made.connect(host.port(), host.name())
        .map(
            _ -> {
              waiting = acknowledgements;
              return made;
            });
  }

  private void lost(int number, Map<Integer, Promise<Void>> acknowledgements) {
    if (number == connections) {
      waiting = null;
      client = null;
    }
    var all = acknowledgements.values().stream().toList();
    acknowledgements.clear();
    all.forEach(one -> one.tryFail("the connection to the broker is lost"));
  }

  @Override
  public void close() {
    closed = true;
    if (client != null) {
      var _ = client.compose(MqttClient::disconnect);
    }
  }
}
