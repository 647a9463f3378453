package io.starling.standalone;

import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Message;
import io.starling.testing.wire.MqttVersion;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;

/**
 * What a connected client must not send.
 *
 * @param reason what an MQTT 5 client is told before its connection ends
 */
record BrokenPacket(String what, Buffer bytes, int reason) {
  private static final int MALFORMED = 0x81;
  private static final int PROTOCOL_ERROR = 0x82;
  private static final int TOO_LARGE = 0x95;

  /** All of them, with a payload that ought to be seen nowhere. */
  static List<BrokenPacket> all(MqttVersion version, String payload) {
    var write = new Writer(new ClientPackets(version), payload);
    String properties = version.isFive() ? "00" : "";
    return List.of(
        new BrokenPacket("a wildcard", write.publish("a/#", 1, 1), MALFORMED),
        new BrokenPacket("another wildcard", write.publish("a/+/b", 1, 1), MALFORMED),
        new BrokenPacket("no topic", write.publish("", 1, 1), PROTOCOL_ERROR),
        new BrokenPacket("packet id 0", write.publish("a", 1, 0), PROTOCOL_ERROR),
        new BrokenPacket("QoS 3", write.publish("a", 3, 1), MALFORMED),
        new BrokenPacket("a type that does not exist", hex("0000"), PROTOCOL_ERROR),
        new BrokenPacket("a length of five bytes", hex("32ffffffff01"), MALFORMED),
        new BrokenPacket(
            "a topic beyond its packet", hex("300300ff" + "61".repeat(255) + "00"), MALFORMED),
        new BrokenPacket(
            "a topic that is no UTF-8", packet(0x30, "0002c328" + properties + "78"), MALFORMED),
        new BrokenPacket(
            "reserved flags", packet(0x80, "0001" + properties + "00016100"), MALFORMED),
        new BrokenPacket(
            "400 KiB", hex("328080190001610001" + properties).appendString(payload), TOO_LARGE));
  }

  private record Writer(ClientPackets packets, String payload) {
    Buffer publish(String topic, int qos, int packetId) {
      return packets.publish(new Message(topic, Buffer.buffer(payload), qos), packetId, false);
    }
  }

  private static Buffer packet(int firstByte, String body) {
    return hex("%02x%02x".formatted(firstByte, body.length() / 2) + body);
  }

  static Buffer hex(String digits) {
    return Buffer.buffer(HexFormat.of().parseHex(digits));
  }
}
