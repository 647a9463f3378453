package io.starling.connection.mqtt;

import io.starling.connection.wire.Packet;
import io.starling.connection.wire.Property;
import org.jspecify.annotations.Nullable;

/**
 * Hands the packets of one client over to its session, from CONNECT on, with the topics that
 * aliases stand for. Belongs to the connection's event loop.
 */
final class Incoming {
  private final Wire wire;
  private final boolean v5;
  private final int topicAliasMaximum;
  private final boolean keepsSession;
  private @Nullable KnownTopics known;

  /**
   * For one client.
   *
   * @param keepsSession whether it asked in CONNECT that its session be kept
   */
  Incoming(Wire wire, boolean v5, int topicAliasMaximum, boolean keepsSession) {
    this.wire = wire;
    this.v5 = v5;
    this.topicAliasMaximum = topicAliasMaximum;
    this.keepsSession = keepsSession;
  }

  void received(Packet packet, Packets session) {
    switch (packet) {
      case Packet.Publish publish -> published(publish, session);
      case Packet.Puback(int packetId, int _, var _) -> session.acknowledged(packetId);
      case Packet.Pubrec(int packetId, int code, var _) -> session.received(packetId, code);
      case Packet.Pubrel(int packetId, int _, var _) -> session.released(packetId);
      case Packet.Pubcomp(int packetId, int _, var _) -> session.completed(packetId);
      case Packet.Subscribe subscribe -> subscribe(subscribe, session);
      case Packet.Unsubscribe(int packetId, var _, var filters) ->
          session.unsubscribe(packetId, filters);
      case Packet.Pingreq _ -> {
        wire.send(new Packet.Pingresp());
        session.ping();
      }
      case Packet.Disconnect disconnect -> disconnect(disconnect, session);
      // The decoder lets no other pass; AUTH is for those who asked for it in CONNECT.
      default -> session.violated(CloseReason.PROTOCOL_ERROR);
    }
  }

  /** The topic of a PUBLISH that is to come, also where an alias stands for it; empty if none. */
  String topicOf(Packet.Publish publish) {
    var properties = publish.properties();
    if (!publish.topic().isEmpty() || known == null || !properties.has(Property.TOPIC_ALIAS)) {
      return publish.topic();
    }
    return known.find((int) properties.number(Property.TOPIC_ALIAS, 0));
  }

  /** Sections 3.3.2.1 and 3.3.2.3.4. */
  private void published(Packet.Publish publish, Packets session) {
    var properties = publish.properties();
    if (!properties.isEmpty() && properties.has(Property.TOPIC_ALIAS)) {
      aliased(publish, (int) properties.number(Property.TOPIC_ALIAS, 0), session);
    } else if (publish.topic().isEmpty() && v5) {
      session.violated(CloseReason.PROTOCOL_ERROR);
    } else {
      session.publish(publish);
    }
  }

  private void aliased(Packet.Publish publish, int alias, Packets session) {
    if (alias > topicAliasMaximum) {
      session.violated(CloseReason.TOPIC_ALIAS_INVALID);
      return;
    }
    if (known == null) {
      known = new KnownTopics(topicAliasMaximum);
    }
    var resolved = known.resolve(publish, alias);
    if (resolved == null) {
      session.violated(CloseReason.PROTOCOL_ERROR);
    } else {
      session.publish(resolved);
    }
  }

  private static void subscribe(Packet.Subscribe subscribe, Packets session) {
    int identifier = (int) subscribe.properties().number(Property.SUBSCRIPTION_IDENTIFIER, 0);
    session.subscribe(
        subscribe.packetId(),
        subscribe.filters().stream()
            .map(
                one ->
                    new Requested(
                        one.filter(),
                        one.qos(),
                        one.noLocal(),
                        one.retainAsPublished(),
                        one.retainHandling(),
                        identifier))
            .toList());
  }

  /** Section 3.14.2.2.2: a session that was not to be kept cannot be kept in the end. */
  private void disconnect(Packet.Disconnect disconnect, Packets session) {
    long expiry =
        disconnect.properties().number(Property.SESSION_EXPIRY_INTERVAL, Packets.SAME_EXPIRY);
    if (!keepsSession && expiry > 0) {
      session.violated(CloseReason.PROTOCOL_ERROR);
    } else {
      wire.end(null);
      session.disconnected(disconnect.code(), expiry);
    }
  }
}
