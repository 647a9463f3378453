package io.starling.connection.mqtt;

import io.starling.connection.wire.Decoded;
import io.starling.connection.wire.Malformed;
import io.starling.connection.wire.Malformed.Fault;
import io.starling.connection.wire.Packet;
import io.starling.connection.wire.Properties;
import io.starling.connection.wire.Property;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its CONNECT on. Belongs to the connection's event loop. */
final class ClientLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLink.class);
  private static final int V5 = 5;
  private static final int FIRST_FAILURE = 0x80;

  /** Larger than any CONNACK; who takes less could be told nothing (section 3.1.2.11.4). */
  private static final int SMALLEST_MAXIMUM = 100;

  private static final Packet TOO_SMALL =
      new Packet.Connack(false, CloseReason.PACKET_TOO_LARGE.reasonCode(), Properties.NONE);
  private static final int TOO_SMALL_BYTES = 5;

  private final Wire wire;
  private final Connections connections;
  private int level;
  private boolean keepsNoSession;
  private int silenceLimitMillis;
  private @Nullable Promise<Void> gone;
  private @Nullable Packets packets;

  ClientLink(Wire wire, Connections connections) {
    this.wire = wire;
    this.connections = connections;
    this.silenceLimitMillis = connections.options().connectTimeoutSeconds() * 1_000;
  }

  /** The protocol level, 0 before CONNECT. */
  int level() {
    return level;
  }

  @Override
  public boolean isV5() {
    return level >= V5;
  }

  /** Takes what the client sent. */
  void received(Decoded decoded) {
    if (decoded instanceof Packet.Connect connect) {
      connect(connect);
    } else if (decoded instanceof Malformed malformed) {
      malformed(malformed);
    } else if (packets != null) {
      received((Packet) decoded, packets);
    }
  }

  private void received(Packet packet, Packets session) {
    switch (packet) {
      case Packet.Publish publish -> published(publish, session);
      case Packet.Puback(int packetId, int _, var _) -> session.acknowledged(packetId);
      case Packet.Subscribe subscribe -> subscribe(subscribe, session);
      case Packet.Unsubscribe(int packetId, var _, var filters) ->
          session.unsubscribe(packetId, filters);
      case Packet.Pingreq _ -> answer(new Packet.Pingresp(), session);
      // Nothing is sent or taken at QoS 2 here; what an earlier session left open ends this way.
      case Packet.Pubrec(int id, int code, var _) when code < FIRST_FAILURE ->
          answer(new Packet.Pubrel(id, 0, Properties.NONE), session);
      case Packet.Pubrel(int id, int _, var _) ->
          answer(new Packet.Pubcomp(id, 0, Properties.NONE), session);
      case Packet.Pubrec _, Packet.Pubcomp _ -> session.ping();
      case Packet.Disconnect disconnect -> disconnect(disconnect, session);
      // The decoder lets no other pass; AUTH is for those who asked for it in CONNECT.
      default -> session.violated(CloseReason.PROTOCOL_ERROR);
    }
  }

  private void answer(Packet answer, Packets session) {
    wire.send(answer);
    session.ping();
  }

  private void connect(Packet.Connect packet) {
    level = packet.level();
    silenceLimitMillis = 0;
    var connect = ConnectReader.read(packet, wire.peer());
    if (connect.maximumPacketSize() < SMALLEST_MAXIMUM) {
      wire.end(connect.maximumPacketSize() < TOO_SMALL_BYTES ? null : TOO_SMALL);
      return;
    }
    keepsNoSession = connect.sessionExpirySeconds() == 0;
    // What stands behind it waits for CONNACK.
    wire.pause();
    try {
      silenceLimitMillis = connect.keepAliveSeconds() * 1_500;
      connections.door().accept(connect, this);
    } catch (RuntimeException e) {
      LOG.error("A CONNECT could not be handled", e);
      refuse(Refusal.SERVER_UNAVAILABLE);
    }
  }

  private void malformed(Malformed malformed) {
    LOG.debug("A client sent what cannot be taken: {}", malformed.why());
    if (packets != null) {
      packets.violated(reason(malformed.fault()));
    } else {
      level = malformed.level();
      int code = code(malformed);
      wire.end(code == 0 ? null : new Packet.Connack(false, code, Properties.NONE));
    }
  }

  /** How a CONNECT is answered that cannot be read; 0 if not at all. */
  private static int code(Malformed malformed) {
    if (malformed.level() == V5) {
      return malformed.fault().reasonCode();
    }
    return switch (malformed.fault()) {
      case UNSUPPORTED_VERSION -> 1;
      case CLIENT_ID_INVALID -> 2;
      default -> 0;
    };
  }

  private static CloseReason reason(Fault fault) {
    return switch (fault) {
      case MALFORMED_PACKET -> CloseReason.MALFORMED_PACKET;
      case TOPIC_NAME_INVALID -> CloseReason.TOPIC_NAME_INVALID;
      case TOPIC_ALIAS_INVALID -> CloseReason.TOPIC_ALIAS_INVALID;
      case PACKET_TOO_LARGE -> CloseReason.PACKET_TOO_LARGE;
      case PROTOCOL_ERROR, UNSUPPORTED_VERSION, CLIENT_ID_INVALID -> CloseReason.PROTOCOL_ERROR;
    };
  }

  private void published(Packet.Publish publish, Packets session) {
    if (publish.properties().has(Property.TOPIC_ALIAS)) {
      session.violated(CloseReason.TOPIC_ALIAS_INVALID);
    } else {
      session.publish(
          publish.packetId(),
          publish.qos(),
          publish.duplicate(),
          publish.retain(),
          publish.topic(),
          publish.payload());
    }
  }

  private static void subscribe(Packet.Subscribe subscribe, Packets session) {
    if (subscribe.properties().has(Property.SUBSCRIPTION_IDENTIFIER)) {
      session.violated(CloseReason.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED);
    } else {
      session.subscribe(
          subscribe.packetId(),
          subscribe.filters().stream()
              .map(one -> new Requested(one.filter(), one.qos(), one.noLocal()))
              .toList());
    }
  }

  /** Section 3.14.2.2.2: a session that was not to be kept cannot be kept in the end. */
  private void disconnect(Packet.Disconnect disconnect, Packets session) {
    long expiry = disconnect.properties().number(Property.SESSION_EXPIRY_INTERVAL, 0);
    if (keepsNoSession && expiry > 0) {
      session.violated(CloseReason.PROTOCOL_ERROR);
    } else {
      wire.end(null);
      session.closed(true);
    }
  }

  /** The connection is gone, and not from this side. */
  void lost() {
    if (packets != null) {
      packets.closed(false);
    } else if (gone != null) {
      gone.complete();
    }
  }

  /** Something in here went wrong. */
  void failed() {
    if (packets == null) {
      refuse(Refusal.SERVER_UNAVAILABLE);
    } else {
      packets.violated(CloseReason.INTERNAL_ERROR);
    }
  }

  /** Tells whether nothing came for too long: one and a half times the keep alive. */
  boolean isSilent(long millis) {
    return silenceLimitMillis > 0 && millis > silenceLimitMillis;
  }

  /** Nothing came for too long, after CONNECT. */
  void silent() {
    if (packets == null) {
      wire.end(null);
    } else {
      packets.violated(CloseReason.KEEP_ALIVE_TIMEOUT);
    }
  }

  @Override
  public void serve(Packets handler) {
    packets = handler;
  }

  @Override
  public void accept(Accepted accepted) {
    if (accepted.serverKeepAliveSeconds() != null) {
      silenceLimitMillis = accepted.serverKeepAliveSeconds() * 1_500;
    }
    var properties = isV5() ? Answers.properties(accepted, connections.options()) : Properties.NONE;
    wire.send(new Packet.Connack(accepted.sessionPresent(), 0, properties));
  }

  @Override
  public void refuse(Refusal refusal, @Nullable String serverReference) {
    wire.end(new Packet.Connack(false, refusal.code(isV5()), Answers.reference(serverReference)));
  }

  @Override
  public Future<Void> hold() {
    Promise<Void> away = Promise.promise();
    gone = away;
    wire.pause();
    return away.future();
  }

  @Override
  public void pause() {
    wire.pause();
  }

  @Override
  public void resume() {
    wire.resume();
  }

  @Override
  public void acknowledge(int packetId, AckCode code) {
    wire.send(new Packet.Puback(packetId, code.reasonCode(), Properties.NONE));
  }

  @Override
  public void subscribed(int packetId, List<Granted> granted) {
    var codes = granted.stream().map(one -> one.code(isV5())).toList();
    wire.send(new Packet.Suback(packetId, Properties.NONE, codes));
  }

  @Override
  public void unsubscribed(int packetId, List<Boolean> existed) {
    wire.send(new Packet.Unsuback(packetId, Properties.NONE, Answers.codes(existed)));
  }

  @Override
  public Future<Void> publish(Message message, int qos, int packetId) {
    return wire.publish(message, qos, packetId);
  }

  @Override
  public void close(CloseReason reason, @Nullable String serverReference) {
    wire.end(
        isV5()
            ? new Packet.Disconnect(reason.reasonCode(), Answers.reference(serverReference))
            : null);
  }
}
