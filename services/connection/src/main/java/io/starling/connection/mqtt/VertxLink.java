package io.starling.connection.mqtt;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttUnsubAckReasonCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of vertx-mqtt. Its calls throw once the connection is gone, so each is guarded. */
final class VertxLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(VertxLink.class);
  private static final int AT_LEAST_ONCE = 1;

  /** Netty's decoder tells of a wrong topic name in words only. */
  private static final String INVALID_TOPIC = "invalid publish topic name";

  private final MqttEndpoint endpoint;
  private final MqttListener.Options options;
  private final boolean v5;
  private @Nullable Reading stopped;
  private @Nullable Packets packets;
  private boolean closed;
  private boolean disconnected;

  private VertxLink(MqttEndpoint endpoint, MqttListener.Options options) {
    this.endpoint = endpoint;
    this.options = options;
    this.v5 = endpoint.protocolVersion() >= 5;
  }

  static void open(
      MqttEndpoint endpoint, MqttListener.Options options, BiConsumer<Connect, Link> door) {
    var link = new VertxLink(endpoint, options);
    AcceptPace.of(Reading.channel(endpoint));
    var connect = ConnectReader.read(endpoint);
    if (connect == null) {
      link.refuse(Refusal.PROTOCOL_ERROR);
      return;
    }
    try {
      door.accept(connect, link);
    } catch (RuntimeException e) {
      LOG.error("A CONNECT could not be handled", e);
      link.refuse(Refusal.SERVER_UNAVAILABLE);
    }
  }

  @Override
  public boolean isV5() {
    return v5;
  }

  @Override
  public void serve(Packets handler) {
    packets = handler;
    var _ =
        endpoint
            .publishHandler(message -> published(handler, message))
            .publishAcknowledgeHandler(handler::acknowledged)
            .subscribeHandler(message -> subscribe(handler, message))
            .unsubscribeHandler(message -> unsubscribe(handler, message))
            .pingHandler(_ -> handler.ping())
            .disconnectHandler(_ -> disconnected = true)
            .exceptionHandler(this::failed)
            .closeHandler(_ -> lost(handler));
  }

  @Override
  public void accept(Accepted accepted) {
    var _ =
        endpoint.accept(
            accepted.sessionPresent(), v5 ? properties(accepted) : MqttProperties.NO_PROPERTIES);
  }

  private MqttProperties properties(Accepted accepted) {
    var properties = new MqttProperties();
    add(properties, MqttProperties.SESSION_EXPIRY_INTERVAL, (int) accepted.sessionExpirySeconds());
    add(properties, MqttProperties.RECEIVE_MAXIMUM, options.receiveMaximum());
    add(properties, MqttProperties.MAXIMUM_QOS, 1);
    add(properties, MqttProperties.RETAIN_AVAILABLE, 0);
    add(properties, MqttProperties.MAXIMUM_PACKET_SIZE, options.maxPacketBytes());
    add(properties, MqttProperties.TOPIC_ALIAS_MAXIMUM, 0);
    add(properties, MqttProperties.WILDCARD_SUBSCRIPTION_AVAILABLE, 1);
    add(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0);
    add(properties, MqttProperties.SHARED_SUBSCRIPTION_AVAILABLE, 0);
    if (accepted.assignedClientId() != null) {
      properties.add(
          new MqttProperties.StringProperty(
              MqttProperties.ASSIGNED_CLIENT_IDENTIFIER, accepted.assignedClientId()));
    }
    if (accepted.serverKeepAliveSeconds() != null) {
      add(properties, MqttProperties.SERVER_KEEP_ALIVE, accepted.serverKeepAliveSeconds());
    }
    return properties;
  }

  private static void add(MqttProperties target, int id, int value) {
    target.add(new MqttProperties.IntegerProperty(id, value));
  }

  @Override
  public void refuse(Refusal refusal, @Nullable String serverReference) {
    if (!closed) {
      closed = true;
      var code = MqttConnectReturnCode.valueOf((byte) refusal.code(v5));
      var _ = endpoint.reject(code, properties(serverReference));
    }
  }

  private MqttProperties properties(@Nullable String serverReference) {
    if (!v5 || serverReference == null) {
      return MqttProperties.NO_PROPERTIES;
    }
    var properties = new MqttProperties();
    properties.add(
        new MqttProperties.StringProperty(MqttProperties.SERVER_REFERENCE, serverReference));
    return properties;
  }

  @Override
  public Future<Void> hold() {
    Promise<Void> gone = Promise.promise();
    var _ =
        endpoint.closeHandler(
            _ -> {
              closed = true;
              gone.complete();
            });
    pause();
    return gone.future();
  }

  @Override
  public void pause() {
    if (!closed && stopped == null) {
      stopped = Reading.of(endpoint);
      stopped.stop();
    }
  }

  @Override
  public void resume() {
    if (stopped != null) {
      var reading = stopped;
      stopped = null;
      reading.resume();
    }
  }

  @Override
  public void acknowledge(int packetId, AckCode code) {
    if (isOpen()) {
      var reason =
          code == AckCode.SUCCESS
              ? MqttPubAckReasonCode.SUCCESS
              : MqttPubAckReasonCode.valueOf((byte) code.reasonCode());
      var _ = endpoint.publishAcknowledge(packetId, reason, MqttProperties.NO_PROPERTIES);
    }
  }

  @Override
  public void subscribed(int packetId, List<Granted> granted) {
    if (isOpen()) {
      var codes = granted.stream().map(this::suback).toList();
      var _ = endpoint.subscribeAcknowledge(packetId, codes, MqttProperties.NO_PROPERTIES);
    }
  }

  private MqttSubAckReasonCode suback(Granted granted) {
    return switch (granted) {
      case QOS_0 -> MqttSubAckReasonCode.GRANTED_QOS0;
      case QOS_1 -> MqttSubAckReasonCode.GRANTED_QOS1;
      // MQTT 3.1.1 knows one failure only: 0x80.
      case Granted _ when !v5 -> MqttSubAckReasonCode.UNSPECIFIED_ERROR;
      case NOT_AUTHORIZED -> MqttSubAckReasonCode.NOT_AUTHORIZED;
      case FILTER_INVALID -> MqttSubAckReasonCode.TOPIC_FILTER_INVALID;
      case QUOTA_EXCEEDED -> MqttSubAckReasonCode.QUOTA_EXCEEDED;
      case SHARED_NOT_SUPPORTED -> MqttSubAckReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
    };
  }

  @Override
  public void unsubscribed(int packetId, List<Boolean> existed) {
    if (!isOpen()) {
      return;
    }
    if (!v5) {
      var _ = endpoint.unsubscribeAcknowledge(packetId);
      return;
    }
    var codes = new ArrayList<MqttUnsubAckReasonCode>();
    for (boolean there : existed) {
      codes.add(
          there ? MqttUnsubAckReasonCode.SUCCESS : MqttUnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED);
    }
    var _ = endpoint.unsubscribeAcknowledge(packetId, codes, MqttProperties.NO_PROPERTIES);
  }

  @Override
  public Future<Void> publish(Message message, int qos, int packetId) {
    if (!isOpen()) {
      return Future.succeededFuture();
    }
    return endpoint
        .publish(
            message.topic(),
            message.payload(),
            qos >= AT_LEAST_ONCE ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE,
            false,
            false,
            packetId,
            v5 ? message.properties() : MqttProperties.NO_PROPERTIES)
        .mapEmpty();
  }

  @Override
  public void close(CloseReason reason, @Nullable String serverReference) {
    if (closed) {
      return;
    }
    boolean open = endpoint.isConnected();
    closed = true;
    if (open) {
      var code = MqttDisconnectReasonCode.valueOf((byte) reason.reasonCode());
      var _ = endpoint.disconnect(code, properties(serverReference));
    }
  }

  private boolean isOpen() {
    return !closed && endpoint.isConnected();
  }

  private void published(Packets handler, MqttPublishMessage message) {
    if (closed) {
      return;
    }
    if (v5 && message.properties().getProperty(MqttProperties.TOPIC_ALIAS) != null) {
      handler.violated(CloseReason.TOPIC_ALIAS_INVALID);
      return;
    }
    try {
      handler.publish(
          message.messageId(),
          message.qosLevel().value(),
          message.isDup(),
          message.isRetain(),
          message.topicName(),
          message.payload());
    } catch (RuntimeException e) {
      // Our mistake, not the client's; but it would wait for its acknowledgement for ever.
      LOG.error("A PUBLISH could not be handled", e);
      handler.violated(CloseReason.INTERNAL_ERROR);
    }
  }

  private void subscribe(Packets handler, MqttSubscribeMessage message) {
    if (closed) {
      return;
    }
    if (message.properties().getProperty(MqttProperties.SUBSCRIPTION_IDENTIFIER) != null) {
      handler.violated(CloseReason.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED);
    } else if (message.topicSubscriptions().isEmpty()) {
      handler.violated(CloseReason.PROTOCOL_ERROR);
    } else {
      handler.subscribe(
          message.messageId(),
          message.topicSubscriptions().stream()
              .map(
                  one ->
                      new Requested(
                          one.topicName(),
                          one.qualityOfService().value(),
                          one.subscriptionOption().isNoLocal()))
              .toList());
    }
  }

  private void unsubscribe(Packets handler, MqttUnsubscribeMessage message) {
    if (closed) {
      return;
    }
    if (message.topics().isEmpty()) {
      handler.violated(CloseReason.PROTOCOL_ERROR);
    } else {
      handler.unsubscribe(message.messageId(), message.topics());
    }
  }

  /** Vert.x closes the connection after this; until then a DISCONNECT can still go out. */
  private void failed(Throwable cause) {
    if (closed || packets == null || cause instanceof IOException) {
      return;
    }
    LOG.debug("A client sent what cannot be read: {}", cause.getMessage());
    packets.violated(reason(cause));
  }

  private static CloseReason reason(Throwable cause) {
    if (cause instanceof TooLongFrameException) {
      return CloseReason.PACKET_TOO_LARGE;
    }
    String message = cause.getMessage();
    return message != null && message.startsWith(INVALID_TOPIC)
        ? CloseReason.TOPIC_NAME_INVALID
        : CloseReason.MALFORMED_PACKET;
  }

  private void lost(Packets handler) {
    if (!closed) {
      closed = true;
      handler.closed(disconnected);
    }
  }
}
