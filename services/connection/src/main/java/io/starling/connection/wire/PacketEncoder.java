package io.starling.connection.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.starling.connection.wire.Packet.Publish;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a server may send. Texts longer than 65,535 bytes and numbers that do not fit are the
 * caller's mistake.
 */
public final class PacketEncoder {
  private static final byte[] NO_BYTES = {};
  private static final byte[] NO_PROPERTIES = {0};
  private static final int QOS = 6;

  private PacketEncoder() {}

  /** Appends a packet. */
  public static void encode(Packet packet, boolean v5, ByteBuf out) {
    switch (packet) {
      case Publish publish -> publish(publish, v5, out);
      case Packet.Connack(boolean present, int code, var properties) -> {
        byte[] block = block(properties, v5);
        header(Type.CONNACK, 2 + block.length, out);
        out.writeByte(present ? 1 : 0).writeByte(code).writeBytes(block);
      }
      case Packet.Puback(int id, int code, var properties) ->
          acknowledgement(Type.PUBACK, id, code, properties, v5, out);
      case Packet.Pubrec(int id, int code, var properties) ->
          acknowledgement(Type.PUBREC, id, code, properties, v5, out);
      case Packet.Pubrel(int id, int code, var properties) ->
          acknowledgement(Type.PUBREL, id, code, properties, v5, out);
      case Packet.Pubcomp(int id, int code, var properties) ->
          acknowledgement(Type.PUBCOMP, id, code, properties, v5, out);
      case Packet.Suback(int id, var properties, var codes) ->
          codes(Type.SUBACK, id, properties, codes, v5, out);
      case Packet.Unsuback(int id, var properties, var codes) ->
          codes(Type.UNSUBACK, id, properties, v5 ? codes : List.of(), v5, out);
      case Packet.Pingresp _ -> header(Type.PINGRESP, 0, out);
      case Packet.Disconnect(int code, var properties) ->
          coded(Type.DISCONNECT, code, properties, v5, out);
      case Packet.Auth(int code, var properties) -> coded(Type.AUTH, code, properties, v5, out);
      case Packet.Connect _, Packet.Subscribe _, Packet.Unsubscribe _, Packet.Pingreq _ ->
          throw new IllegalArgumentException("a server does not send " + packet);
    }
  }

  private static void publish(Publish publish, boolean v5, ByteBuf out) {
    byte[] topic = publish.topic().getBytes(StandardCharsets.UTF_8);
    int flags = (publish.duplicate() ? 8 : 0) | (publish.qos() << 1) | (publish.retain() ? 1 : 0);
    byte[] body = v5 ? body(publish.properties()) : null;
    publish(flags, topic, publish.packetId(), NO_BYTES, body, publish.payload(), out);
  }

  /**
   * Appends a PUBLISH whose parts were encoded before, once for many clients.
   *
   * @param flags of the first byte: DUP, QoS and RETAIN
   * @param packetId ignored at QoS 0
   * @param own properties for this client alone, without their length
   * @param shared further properties, without their length; null in MQTT 3.1.1, which has none
   */
  public static void publish(
      int flags,
      byte[] topic,
      int packetId,
      byte[] own,
      byte @Nullable [] shared,
      Buffer payload,
      ByteBuf out) {
    boolean acknowledged = (flags & QOS) != 0;
    int properties = shared == null ? 0 : own.length + shared.length;
    int head = 2 + topic.length + (acknowledged ? 2 : 0);
    int lengthBytes = shared == null ? 0 : lengthBytes(properties);
    out.writeByte((Type.PUBLISH << 4) | flags);
    variable(head + lengthBytes + properties + payload.length(), out);
    out.writeShort(topic.length).writeBytes(topic);
    if (acknowledged) {
      out.writeShort(packetId);
    }
    if (shared != null) {
      variable(properties, out);
      out.writeBytes(own).writeBytes(shared);
    }
    var bytes = ((BufferInternal) payload).getByteBuf();
    out.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
  }

  /** How many bytes a variable byte integer has (section 1.5.5). */
  public static int lengthBytes(long value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
  }

  /** The bytes of a packet, without writing it. */
  public static int size(Packet packet, boolean v5) {
    var out = Unpooled.buffer();
    encode(packet, v5, out);
    return out.readableBytes();
  }

  private static void acknowledgement(
      int type, int packetId, int code, Properties properties, boolean v5, ByteBuf out) {
    if (!v5 || (code == 0 && properties.isEmpty())) {
      header(type, 2, out);
      out.writeShort(packetId);
    } else if (properties.isEmpty()) {
      header(type, 3, out);
      out.writeShort(packetId).writeByte(code);
    } else {
      byte[] block = block(properties, true);
      header(type, 3 + block.length, out);
      out.writeShort(packetId).writeByte(code).writeBytes(block);
    }
  }

  private static void codes(
      int type, int packetId, Properties properties, List<Integer> codes, boolean v5, ByteBuf out) {
    byte[] block = block(properties, v5);
    header(type, 2 + block.length + codes.size(), out);
    out.writeShort(packetId).writeBytes(block);
    codes.forEach(out::writeByte);
  }

  private static void coded(int type, int code, Properties properties, boolean v5, ByteBuf out) {
    if (!v5 || (code == 0 && properties.isEmpty())) {
      header(type, 0, out);
    } else if (properties.isEmpty()) {
      header(type, 1, out);
      out.writeByte(code);
    } else {
      byte[] block = block(properties, true);
      header(type, 1 + block.length, out);
      out.writeByte(code).writeBytes(block);
    }
  }

  private static void header(int type, int length, ByteBuf out) {
    out.writeByte((type << 4) | Type.flags(type));
    variable(length, out);
  }

  /** A variable byte integer (section 1.5.5). */
  private static void variable(long value, ByteBuf out) {
    long left = value;
    while (left > 0x7F) {
      out.writeByte((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.writeByte((int) left);
  }

  /** Properties with their length in front, as they stand in a packet; nothing in MQTT 3.1.1. */
  public static byte[] block(Properties properties, boolean v5) {
    if (!v5) {
      return NO_BYTES;
    }
    if (properties.isEmpty()) {
      return NO_PROPERTIES;
    }
    byte[] body = body(properties);
    var whole = Unpooled.buffer(4 + body.length);
    variable(body.length, whole);
    whole.writeBytes(body);
    return ByteBufUtil.getBytes(whole);
  }

  /** Properties as they stand in a packet, without their length. */
  public static byte[] body(Properties properties) {
    if (properties.isEmpty()) {
      return NO_BYTES;
    }
    var body = Unpooled.buffer();
    properties.values().forEach((property, value) -> write(property, value, body));
    for (var user : properties.users()) {
      body.writeByte(Property.USER_PROPERTY.id());
      text(user.name(), body);
      text(user.value(), body);
    }
    return ByteBufUtil.getBytes(body);
  }

  /**
   * The properties of a PUBLISH that are for one client alone.
   *
   * @param expirySeconds negative if it does not expire
   * @param alias of the topic, 0 for none
   * @param identifiers of the subscriptions that it is for
   */
  public static byte[] own(long expirySeconds, int alias, int[] identifiers) {
    if (expirySeconds < 0 && alias == 0 && identifiers.length == 0) {
      return NO_BYTES;
    }
    var own = Unpooled.buffer();
    if (expirySeconds >= 0) {
      write(Property.MESSAGE_EXPIRY_INTERVAL, expirySeconds, own);
    }
    for (int identifier : identifiers) {
      write(Property.SUBSCRIPTION_IDENTIFIER, (long) identifier, own);
    }
    if (alias > 0) {
      write(Property.TOPIC_ALIAS, (long) alias, own);
    }
    return ByteBufUtil.getBytes(own);
  }

  private static void write(Property property, Object value, ByteBuf out) {
    out.writeByte(property.id());
    switch (value) {
      case Long number -> number(property, number, out);
      case String text -> text(text, out);
      case Buffer binary -> out.writeShort(binary.length()).writeBytes(binary.getBytes());
      default -> throw new IllegalArgumentException("no value of a property: " + property);
    }
  }

  private static void number(Property property, long value, ByteBuf out) {
    switch (property.type()) {
      case BYTE -> out.writeByte((int) value);
      case TWO_BYTES -> out.writeShort((int) value);
      case FOUR_BYTES -> out.writeInt((int) value);
      case VARIABLE -> variable(value, out);
      case TEXT, BINARY, PAIR -> throw new IllegalArgumentException(property + " is no number");
    }
  }

  private static void text(String text, ByteBuf out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length).writeBytes(bytes);
  }
}
