package io.starling.connection.trace;

import io.starling.connection.wire.Packet;
import io.starling.connection.wire.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A packet as far as a trace shows it: nothing else of it is kept.
 *
 * @param in whether it came from the client
 * @param client a device's id, an app's account and client id; before it was let in, what it says
 *     that it is
 * @param type of the packet, in lower case; or what else happened
 * @param topic of a PUBLISH, also where an alias stood for it; null of others
 * @param qos of a PUBLISH; 0 of others
 * @param packetId 0 if it has none
 * @param bytes of all of it; 0 of what is no packet
 * @param filters of SUBSCRIBE and UNSUBSCRIBE, the first of them
 * @param codes its reason codes, the first of them
 */
record Sighting(
    boolean in,
    String client,
    String type,
    @Nullable String topic,
    int qos,
    int packetId,
    int bytes,
    List<String> filters,
    List<Integer> codes) {
  private static final int MOST_LISTED = 16;

  static Sighting publish(
      boolean in, String client, String topic, int qos, int packetId, int bytes) {
    return new Sighting(
        in, client, Type.label(Type.PUBLISH), topic, qos, packetId, bytes, List.of(), List.of());
  }

  /** What is no packet, and has a reason code or, below 0, none. */
  static Sighting event(boolean in, String client, String what, int code) {
    return new Sighting(
        in, client, what, null, 0, 0, 0, List.of(), code < 0 ? List.of() : List.of(code));
  }

  /** Any packet but PUBLISH with an alias for its topic. */
  static Sighting of(boolean in, String client, Packet packet, int bytes) {
    return new Sighting(
        in,
        client,
        Type.label(type(packet)),
        packet instanceof Packet.Publish publish ? publish.topic() : null,
        packet instanceof Packet.Publish publish ? publish.qos() : 0,
        packetId(packet),
        bytes,
        filters(packet),
        codes(packet));
  }

  private static int type(Packet packet) {
    return switch (packet) {
      case Packet.Connect _ -> Type.CONNECT;
      case Packet.Connack _ -> Type.CONNACK;
      case Packet.Publish _ -> Type.PUBLISH;
      case Packet.Puback _ -> Type.PUBACK;
      case Packet.Pubrec _ -> Type.PUBREC;
      case Packet.Pubrel _ -> Type.PUBREL;
      case Packet.Pubcomp _ -> Type.PUBCOMP;
      case Packet.Subscribe _ -> Type.SUBSCRIBE;
      case Packet.Suback _ -> Type.SUBACK;
      case Packet.Unsubscribe _ -> Type.UNSUBSCRIBE;
      case Packet.Unsuback _ -> Type.UNSUBACK;
      case Packet.Pingreq _ -> Type.PINGREQ;
      case Packet.Pingresp _ -> Type.PINGRESP;
      case Packet.Disconnect _ -> Type.DISCONNECT;
      case Packet.Auth _ -> Type.AUTH;
    };
  }

  private static int packetId(Packet packet) {
    return switch (packet) {
      case Packet.Publish publish -> publish.packetId();
      case Packet.Puback puback -> puback.packetId();
      case Packet.Pubrec pubrec -> pubrec.packetId();
      case Packet.Pubrel pubrel -> pubrel.packetId();
      case Packet.Pubcomp pubcomp -> pubcomp.packetId();
      case Packet.Subscribe subscribe -> subscribe.packetId();
      case Packet.Suback suback -> suback.packetId();
      case Packet.Unsubscribe unsubscribe -> unsubscribe.packetId();
      case Packet.Unsuback unsuback -> unsuback.packetId();
      case Packet.Connect _,
          Packet.Connack _,
          Packet.Pingreq _,
          Packet.Pingresp _,
          Packet.Disconnect _,
          Packet.Auth _ ->
          0;
    };
  }

  private static List<String> filters(Packet packet) {
    return switch (packet) {
      case Packet.Subscribe subscribe ->
          subscribe.filters().stream().limit(MOST_LISTED).map(Packet.Filter::filter).toList();
      case Packet.Unsubscribe unsubscribe ->
          unsubscribe.filters().stream().limit(MOST_LISTED).toList();
      default -> List.of();
    };
  }

  private static List<Integer> codes(Packet packet) {
    return switch (packet) {
      case Packet.Connack connack -> List.of(connack.code());
      case Packet.Puback puback -> List.of(puback.code());
      case Packet.Pubrec pubrec -> List.of(pubrec.code());
      case Packet.Pubrel pubrel -> List.of(pubrel.code());
      case Packet.Pubcomp pubcomp -> List.of(pubcomp.code());
      case Packet.Suback suback -> suback.codes().stream().limit(MOST_LISTED).toList();
      case Packet.Unsuback unsuback -> unsuback.codes().stream().limit(MOST_LISTED).toList();
      case Packet.Disconnect disconnect -> List.of(disconnect.code());
      case Packet.Auth auth -> List.of(auth.code());
      default -> List.of();
    };
  }
}
