package io.starling.testing.load;

import io.starling.testing.fleet.Stamp;
import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Message;
import io.starling.testing.wire.MqttVersion;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * A pre-encoded PUBLISH of QoS 0 or 1 in which only the packet id and the digits of the {@link
 * Stamp} change. Immutable.
 */
final class Frames {
  private static final int DEVICE_DIGITS = 6;
  private static final int SEQUENCE_DIGITS = 10;
  private static final int NANOS_DIGITS = 18;

  private final byte[] template;
  private final boolean hasPacketId;
  private final int packetIdAt;
  private final int stampAt;

  Frames(String topic, int payloadBytes, int qos) {
    var stamp =
        "0".repeat(DEVICE_DIGITS)
            + "-"
            + "0".repeat(SEQUENCE_DIGITS)
            + " "
            + "0".repeat(NANOS_DIGITS)
            + " ";
    var padding = ".".repeat(Math.max(0, payloadBytes - stamp.length()));
    var message = new Message(topic, Buffer.buffer(stamp + padding), qos);
    this.template = new ClientPackets(MqttVersion.V3_1_1).publish(message, 1, false).getBytes();
    this.stampAt = template.length - stamp.length() - padding.length();
    this.hasPacketId = qos > 0;
    this.packetIdAt = stampAt - 2;
    if ((hasPacketId && template[packetIdAt + 1] != 1)
        || topic.getBytes(StandardCharsets.UTF_8).length > packetIdAt) {
      throw new IllegalStateException("the packet id is not where it was expected");
    }
  }

  int length() {
    return template.length;
  }

  /** Writes one frame at this place. */
  void write(byte[] to, int at, int packetId, int device, long sequence, long nanos) {
    System.arraycopy(template, 0, to, at, template.length);
    if (hasPacketId) {
      to[at + packetIdAt] = (byte) (packetId >> 8);
      to[at + packetIdAt + 1] = (byte) packetId;
    }
    var digits = at + stampAt;
    digits(to, digits, DEVICE_DIGITS, device);
    digits(to, digits + DEVICE_DIGITS + 1, SEQUENCE_DIGITS, sequence);
    digits(to, digits + DEVICE_DIGITS + SEQUENCE_DIGITS + 2, NANOS_DIGITS, nanos);
  }

  /** When a message was due whose payload begins here. */
  static long dueNanos(Buffer bytes, int payload) {
    var due = 0L;
    var at = payload + DEVICE_DIGITS + SEQUENCE_DIGITS + 2;
    for (var end = at + NANOS_DIGITS; at < end; at++) {
      due = due * 10 + bytes.getByte(at) - '0';
    }
    return due;
  }

  private static void digits(byte[] to, int at, int count, long value) {
    var left = value;
    for (var i = at + count - 1; i >= at; i--) {
      to[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }
}
