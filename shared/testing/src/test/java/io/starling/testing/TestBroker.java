package io.starling.testing;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A small real MQTT server: acknowledges what it takes, keeps the payloads, refuses one password.
 */
public final class TestBroker {
  public static final String WRONG_SECRET = "wrong";

  private final MqttServer server;
  private final List<String> payloads = Collections.synchronizedList(new ArrayList<>());
  private final List<MqttEndpoint> endpoints = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger connects = new AtomicInteger();
  private volatile Predicate<MqttPublishMessage> acknowledges = _ -> true;

  private TestBroker(MqttServer server) {
    this.server = server;
  }

  public static Future<TestBroker> open(Vertx vertx) {
    return open(vertx, 0);
  }

  public static Future<TestBroker> open(Vertx vertx, int port) {
    return open(vertx, new MqttServerOptions().setPort(port));
  }

  public static Future<TestBroker> open(Vertx vertx, MqttServerOptions options) {
    options.setHost("127.0.0.1");
    var server = MqttServer.create(vertx, options.setMaxMessageSize(1 << 20));
    var broker = new TestBroker(server);
    return server.endpointHandler(broker::accept).exceptionHandler(_ -> {}).listen().map(broker);
  }

  public int port() {
    return server.actualPort();
  }

  public List<String> payloads() {
    synchronized (payloads) {
      return List.copyOf(payloads);
    }
  }

  public int connects() {
    return connects.get();
  }

  /** The endpoint that connected last. */
  public MqttEndpoint last() {
    return endpoints.getLast();
  }

  /** Where the connections came from, in the order of arrival. */
  public List<String> remoteHosts() {
    synchronized (endpoints) {
      return endpoints.stream().map(endpoint -> endpoint.remoteAddress().host()).toList();
    }
  }

  /** Messages that this says no to are kept but not acknowledged. */
  public void acknowledge(Predicate<MqttPublishMessage> condition) {
    acknowledges = condition;
  }

  public Future<Void> send(String topic, String text) {
    return last()
        .publish(topic, Buffer.buffer(text), MqttQoS.AT_LEAST_ONCE, false, false)
        .mapEmpty();
  }

  public Future<Void> close() {
    return server.close();
  }

  private void accept(MqttEndpoint endpoint) {
    connects.incrementAndGet();
    if (WRONG_SECRET.equals(endpoint.auth() == null ? null : endpoint.auth().getPassword())) {
      var five = endpoint.protocolVersion() == 5;
      endpoint.reject(
          five
              ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
              : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED);
      return;
    }
    endpoints.add(endpoint);
    endpoint.exceptionHandler(_ -> {});
    endpoint.publishHandler(message -> take(endpoint, message));
    endpoint.publishReleaseHandler(endpoint::publishComplete);
    endpoint.subscribeHandler(
        s ->
            endpoint.subscribeAcknowledge(
                s.messageId(),
                s.topicSubscriptions().stream().map(t -> t.qualityOfService()).toList()));
    endpoint.unsubscribeHandler(u -> endpoint.unsubscribeAcknowledge(u.messageId()));
    endpoint.accept(false);
  }

  private void take(MqttEndpoint endpoint, MqttPublishMessage message) {
    payloads.add(message.payload().toString());
    if (!acknowledges.test(message)) {
      return;
    }
    switch (message.qosLevel()) {
      case AT_LEAST_ONCE -> endpoint.publishAcknowledge(message.messageId());
      case EXACTLY_ONCE -> endpoint.publishReceived(message.messageId());
      default -> {}
    }
  }
}
