package io.starling.testing.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** What a server sends, decoded. Buffers in it are copies and may be kept. */
public sealed interface ServerPacket {

  /** Answer to CONNECT: a return code of MQTT 3.1.1 or a reason code of MQTT 5; 0 is success. */
  record ConnAck(boolean sessionPresent, int reasonCode, Properties properties)
      implements ServerPacket {}

  record Publish(
      String topic,
      int packetId,
      int qos,
      boolean retain,
      boolean duplicate,
      Properties properties,
      Buffer payload)
      implements ServerPacket {}

  record PubAck(int packetId, int reasonCode) implements ServerPacket {}

  record PubRec(int packetId, int reasonCode) implements ServerPacket {}

  record PubRel(int packetId) implements ServerPacket {}

  record PubComp(int packetId, int reasonCode) implements ServerPacket {}

  record SubAck(int packetId, List<Integer> reasonCodes) implements ServerPacket {}

  record UnsubAck(int packetId) implements ServerPacket {}

  record PingResponse() implements ServerPacket {}

  record Disconnect(int reasonCode, Properties properties) implements ServerPacket {}

  record Auth(int reasonCode) implements ServerPacket {}

  /**
   * Decodes a frame of {@link FrameParser}.
   *
   * @throws MalformedPacket when it is not a packet that a server may send
   */
  static ServerPacket decode(
      MqttVersion version, int firstByte, Buffer bytes, int start, int length) {
    var in = new PacketReader(bytes, start, length);
    return switch (firstByte >> 4) {
      case 2 -> new ConnAck(in.unsignedByte() == 1, in.unsignedByte(), properties(version, in));
      case 3 -> publish(version, firstByte, in);
      case 4 -> new PubAck(in.unsignedShort(), reason(in));
      case 5 -> new PubRec(in.unsignedShort(), reason(in));
      case 6 -> new PubRel(in.unsignedShort());
      case 7 -> new PubComp(in.unsignedShort(), reason(in));
      case 9 -> subAck(version, in);
      case 11 -> new UnsubAck(in.unsignedShort());
      case 13 -> new PingResponse();
      case 14 -> new Disconnect(reason(in), properties(version, in));
      case 15 -> new Auth(reason(in));
      default ->
          throw new MalformedPacket("a server does not send packet type " + (firstByte >> 4));
    };
  }

  private static Publish publish(MqttVersion version, int firstByte, PacketReader in) {
    var qos = firstByte >> 1 & 3;
    var topic = in.text();
    var packetId = qos > 0 ? in.unsignedShort() : 0;
    var properties = properties(version, in);
    return new Publish(
        topic,
        packetId,
        qos,
        (firstByte & 1) != 0,
        (firstByte & 8) != 0,
        properties,
        in.remaining());
  }

  private static SubAck subAck(MqttVersion version, PacketReader in) {
    var packetId = in.unsignedShort();
    var _ = properties(version, in);
    var codes = new ArrayList<Integer>();
    while (in.hasMore()) {
      codes.add(in.unsignedByte());
    }
    return new SubAck(packetId, List.copyOf(codes));
  }

  private static int reason(PacketReader in) {
    return in.hasMore() ? in.unsignedByte() : 0;
  }

  private static Properties properties(MqttVersion version, PacketReader in) {
    return version.isFive() && in.hasMore() ? Properties.read(in) : Properties.NONE;
  }
}
