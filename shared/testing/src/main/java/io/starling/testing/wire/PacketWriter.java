package io.starling.testing.wire;

import io.vertx.core.buffer.Buffer;

/** Writes MQTT's data types (MQTT 5, 1.5). Lives as long as one packet. */
final class PacketWriter {
  private final Buffer buffer = Buffer.buffer(64);

  Buffer buffer() {
    return buffer;
  }

  int length() {
    return buffer.length();
  }

  void unsignedByte(int value) {
    buffer.appendByte((byte) value);
  }

  void unsignedShort(int value) {
    buffer.appendUnsignedShort(value);
  }

  void unsignedInt(long value) {
    buffer.appendUnsignedInt(value);
  }

  void variableInt(int value) {
    var left = value;
    do {
      var digit = left & 0x7f;
      left >>>= 7;
      buffer.appendByte((byte) (left > 0 ? digit | 0x80 : digit));
    } while (left > 0);
  }

  void text(String text) {
    bytes(Buffer.buffer(text));
  }

  void bytes(Buffer bytes) {
    buffer.appendUnsignedShort(bytes.length()).appendBuffer(bytes);
  }

  void raw(Buffer bytes) {
    buffer.appendBuffer(bytes);
  }

  /** The packet: first byte, remaining length, and what has been written. */
  Buffer frame(int firstByte) {
    var head = new PacketWriter();
    head.unsignedByte(firstByte);
    head.variableInt(buffer.length());
    head.raw(buffer);
    return head.buffer;
  }
}
