package io.starling.connection.mqtt;

import io.starling.connection.wire.Decoded;
import io.starling.connection.wire.Malformed;
import io.starling.connection.wire.Packet;
import io.starling.connection.wire.PacketEncoder;
import io.starling.connection.wire.Properties;
import io.starling.connection.wire.Property;
import io.starling.contract.DeviceId;
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

  /** Whose CONNACK cannot tell of a session. */
  private static final int V3_1 = 3;

  private static final byte[] NO_BYTES = {};

  private static final Packet TOO_SMALL =
      new Packet.Connack(false, CloseReason.PACKET_TOO_LARGE.reasonCode(), Properties.NONE);
  private static final int TOO_SMALL_BYTES = 5;

  /** An alias where there was none, with what it makes the lengths longer. */
  private static final int ALIAS_BYTES = 5;

  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final Wire wire;
  private final Connections connections;
  private int level;
  private long connectNanos;

  /** What the client says that it is, until it is known. */
  private String claimed = "";

  private int silenceLimitMillis;
  private long maximumPacketSize = UNLIMITED;
  private @Nullable Incoming incoming;
  private ToldTopics told = ToldTopics.NONE;
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
  public String transport() {
    return wire.transport();
  }

  @Override
  public boolean isV5() {
    return level >= V5;
  }

  /** Takes what the client sent. */
  void received(Decoded decoded, int bytes) {
    if (connections.tap().isOn()) {
      show(decoded, bytes);
    }
    if (decoded instanceof Packet.Connect connect) {
      connect(connect);
    } else if (decoded instanceof Malformed malformed) {
      malformed(malformed);
    } else if (packets != null && incoming != null) {
      if (decoded instanceof Packet.Disconnect disconnect) {
        connections.meters().departed(disconnect.code());
      }
      incoming.received((Packet) decoded, packets);
    }
  }

  /** To who looks on; before it is handled, so that it stands before its answer. */
  private void show(Decoded decoded, int bytes) {
    var tap = connections.tap();
    switch (decoded) {
      case Malformed malformed -> tap.malformed(name(), malformed);
      case Packet.Connect connect -> tap.received(name(connect), connect, bytes);
      case Packet.Publish publish -> tap.received(name(), publish, topicOf(publish), bytes);
      case Packet packet -> tap.received(name(), packet, bytes);
    }
  }

  private String topicOf(Packet.Publish publish) {
    return incoming == null ? publish.topic() : incoming.topicOf(publish);
  }

  /** A packet, other than a message, is on its way to the client. */
  void sent(Packet packet, int bytes) {
    if (connections.tap().isOn()) {
      connections.tap().sent(name(), packet, bytes);
    }
  }

  private String name() {
    return packets == null ? claimed : packets.clientName();
  }

  /** A user name that is no device's id is nobody's business. */
  private static String name(Packet.Connect connect) {
    String user = connect.userName();
    return user != null && DeviceId.isValid(user)
        ? DeviceId.of(user).toString()
        : connect.clientId();
  }

  private void connect(Packet.Connect packet) {
    level = packet.level();
    claimed = name(packet);
    connectNanos = System.nanoTime();
    silenceLimitMillis = 0;
    var connect = ConnectReader.read(packet, wire.peer());
    if (connect.maximumPacketSize() < TOO_SMALL_BYTES) {
      // Could not even be told so (section 3.1.2.11.4).
      wire.end(null);
      return;
    }
    incoming =
        new Incoming(
            wire,
            isV5(),
            connections.options().topicAliasMaximum(),
            connect.sessionExpirySeconds() > 0);
    maximumPacketSize = connect.maximumPacketSize();
    told = ToldTopics.of((int) packet.properties().number(Property.TOPIC_ALIAS_MAXIMUM, 0));
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
      packets.violated(CloseReason.of(malformed.fault()));
    } else {
      level = malformed.level();
      int code = Answers.code(malformed);
      wire.end(code == 0 ? null : new Packet.Connack(false, code, Properties.NONE));
    }
  }

  /** The connection is gone, and not from this side. */
  void lost() {
    if (connections.tap().isOn()) {
      connections.tap().lost(name());
    }
    if (packets != null) {
      packets.lost();
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
    claimed = "";
  }

  @Override
  public void accept(Accepted accepted) {
    connections.meters().connected(true, System.nanoTime() - connectNanos);
    if (accepted.serverKeepAliveSeconds() != null) {
      silenceLimitMillis = accepted.serverKeepAliveSeconds() * 1_500;
    }
    var properties = isV5() ? Answers.properties(accepted, connections.options()) : Properties.NONE;
    boolean present = accepted.sessionPresent() && level > V3_1;
    var connack = new Packet.Connack(present, 0, properties);
    if (fits(connack)) {
      wire.send(connack);
    } else {
      wire.end(TOO_SMALL);
      // Like one that leaves at once: its session has to begin before it can end.
      connections.context().runOnContext(_ -> leave());
    }
  }

  private void leave() {
    if (packets != null) {
      packets.disconnected(0, Packets.SAME_EXPIRY);
    }
  }

  @Override
  public void refuse(Refusal refusal, @Nullable String serverReference) {
    if (level > 0 && wire.isOpen()) {
      connections.meters().connected(false, System.nanoTime() - connectNanos);
    }
    int code = refusal.code(isV5());
    var whole = new Packet.Connack(false, code, Answers.reference(serverReference));
    wire.end(fits(whole) ? whole : new Packet.Connack(false, code, Properties.NONE));
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
  public void receive(int packetId, AckCode code) {
    wire.send(new Packet.Pubrec(packetId, code.reasonCode(), Properties.NONE));
  }

  @Override
  public void release(int packetId) {
    wire.send(new Packet.Pubrel(packetId, 0, Properties.NONE));
  }

  @Override
  public void complete(int packetId) {
    wire.send(new Packet.Pubcomp(packetId, 0, Properties.NONE));
  }

  @Override
  public void subscribed(int packetId, List<Granted> granted) {
    var codes = granted.stream().map(one -> one.code(isV5())).toList();
    sendIfItFits(new Packet.Suback(packetId, Properties.NONE, codes));
  }

  @Override
  public void unsubscribed(int packetId, List<Boolean> existed) {
    sendIfItFits(new Packet.Unsuback(packetId, Properties.NONE, Answers.codes(existed)));
  }

  /** Section 3.1.2.11.4: what is too large is taken for sent. */
  private void sendIfItFits(Packet packet) {
    if (fits(packet)) {
      wire.send(packet);
    }
  }

  private boolean fits(Packet packet) {
    return maximumPacketSize >= UNLIMITED
        || PacketEncoder.size(packet, isV5()) <= maximumPacketSize;
  }

  @Override
  public Future<Void> publish(
      Message message, int flags, int packetId, int[] identifiers, long expirySeconds) {
    boolean shown = connections.tap().isOn() && wire.isOpen();
    var written = write(message, flags, packetId, identifiers, expirySeconds);
    if (shown) {
      int bytes = wire.publishedBytes();
      connections.tap().published(name(), message.topic(), Message.qos(flags), packetId, bytes);
    }
    return written;
  }

  private Future<Void> write(
      Message message, int flags, int packetId, int[] identifiers, long expirySeconds) {
    if (!isV5()) {
      return wire.publish(flags, message.topicBytes(), packetId, NO_BYTES, null, message.payload());
    }
    int alias = mayAlias(message, flags, identifiers) ? told.of(message.topic()) : 0;
    return wire.publish(
        flags,
        alias > 0 ? NO_BYTES : message.topicBytes(),
        packetId,
        PacketEncoder.own(expirySeconds, Math.abs(alias), identifiers),
        message.sharedProperties(),
        message.payload());
  }

  private boolean mayAlias(Message message, int flags, int[] identifiers) {
    return told.isAny()
        && (maximumPacketSize >= UNLIMITED
            || message.packetSize(flags, true, identifiers) + ALIAS_BYTES <= maximumPacketSize);
  }

  @Override
  public void close(CloseReason reason, @Nullable String serverReference) {
    if (!isV5()) {
      if (connections.tap().isOn()) {
        connections.tap().closed(name());
      }
      wire.end(null);
      return;
    }
    int code = reason.reasonCode();
    var whole = new Packet.Disconnect(code, Answers.reference(serverReference));
    wire.end(fits(whole) ? whole : new Packet.Disconnect(code, Properties.NONE));
  }
}
