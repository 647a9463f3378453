package io.starling.connection.wire;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.starling.connection.wire.Packet.Connect;
import io.starling.connection.wire.Packet.Subscribe;
import io.starling.connection.wire.Packet.Unsubscribe;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Packets of clients as bytes, and bytes as people write them. */
final class Bytes {

  private Bytes() {}

  /** Hex digits with spaces; text stands in quotes, without its length. */
  static ByteBuf of(String written) {
    var out = Unpooled.buffer();
    String[] parts = written.split("'", -1);
    for (int i = 0; i < parts.length; i++) {
      byte[] bytes =
          i % 2 == 1
              ? parts[i].getBytes(StandardCharsets.UTF_8)
              : HexFormat.of().parseHex(parts[i].replace(" ", ""));
      out.writeBytes(bytes);
    }
    return out;
  }

  static String hex(ByteBuf bytes) {
    return ByteBufUtil.hexDump(bytes);
  }

  /** Any packet, also those that only clients send. */
  static ByteBuf encode(Packet packet, int level) {
    boolean v5 = level == 5;
    var out = Unpooled.buffer();
    switch (packet) {
      case Connect connect -> frame(0x10, connect(connect), out);
      case Subscribe subscribe -> {
        var body = Unpooled.buffer().writeShort(subscribe.packetId());
        body.writeBytes(PacketEncoder.block(subscribe.properties(), v5));
        for (var filter : subscribe.filters()) {
          text(filter.filter(), body);
          body.writeByte(
              filter.qos()
                  | (filter.noLocal() ? 4 : 0)
                  | (filter.retainAsPublished() ? 8 : 0)
                  | (filter.retainHandling() << 4));
        }
        frame(0x82, body, out);
      }
      case Unsubscribe unsubscribe -> {
        var body = Unpooled.buffer().writeShort(unsubscribe.packetId());
        body.writeBytes(PacketEncoder.block(unsubscribe.properties(), v5));
        unsubscribe.filters().forEach(filter -> text(filter, body));
        frame(0xA2, body, out);
      }
      case Packet.Pingreq _ -> frame(0xC0, Unpooled.EMPTY_BUFFER, out);
      default -> PacketEncoder.encode(packet, v5, out);
    }
    return out;
  }

  private static ByteBuf connect(Connect connect) {
    boolean v5 = connect.level() == 5;
    var will = connect.will();
    var body = Unpooled.buffer();
    text(connect.level() == 3 ? "MQIsdp" : "MQTT", body);
    int flags = connect.cleanStart() ? 2 : 0;
    flags |= connect.userName() == null ? 0 : 0x80;
    flags |= connect.password() == null ? 0 : 0x40;
    if (will != null) {
      flags |= 4 | (will.qos() << 3) | (will.retain() ? 0x20 : 0);
    }
    body.writeByte(connect.level()).writeByte(flags).writeShort(connect.keepAliveSeconds());
    body.writeBytes(PacketEncoder.block(connect.properties(), v5));
    text(connect.clientId(), body);
    if (will != null) {
      body.writeBytes(PacketEncoder.block(will.properties(), v5));
      text(will.topic(), body);
      bytes(will.payload().getBytes(), body);
    }
    if (connect.userName() != null) {
      text(connect.userName(), body);
    }
    if (connect.password() != null) {
      bytes(connect.password().getBytes(), body);
    }
    return body;
  }

  private static void text(String text, ByteBuf out) {
    bytes(text.getBytes(StandardCharsets.UTF_8), out);
  }

  private static void bytes(byte[] bytes, ByteBuf out) {
    out.writeShort(bytes.length).writeBytes(bytes);
  }

  static void frame(int first, ByteBuf body, ByteBuf out) {
    out.writeByte(first);
    int rest = body.readableBytes();
    do {
      out.writeByte((rest % 128) | (rest > 127 ? 128 : 0));
      rest /= 128;
    } while (rest > 0);
    out.writeBytes(body);
  }

  /** The packet with this first byte, and the length that its body has. */
  static ByteBuf packet(String written) {
    var all = of(written);
    var out = Unpooled.buffer();
    int first = all.readUnsignedByte();
    frame(first, all, out);
    return out;
  }

  /** What the first packet is, of which all is there. */
  static Decoded decode(ByteBuf bytes, int level) {
    return requireNonNull(decodePart(bytes, level));
  }

  static @Nullable Decoded decodePart(ByteBuf bytes, int level) {
    return new PacketDecoder(1_000).next(bytes, level);
  }
}
