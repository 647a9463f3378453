package io.starling.testing.wire;

import io.vertx.core.buffer.Buffer;

/** Reads MQTT's data types (MQTT 5, 1.5) from a part of a buffer; refuses to read past its end. */
final class PacketReader {
  private final Buffer bytes;
  private final int end;
  private int at;

  PacketReader(Buffer bytes, int start, int length) {
    this.bytes = bytes;
    this.at = start;
    this.end = start + length;
  }

  int position() {
    return at;
  }

  boolean hasMore() {
    return at < end;
  }

  int unsignedByte() {
    return bytes.getByte(take(1)) & 0xff;
  }

  int unsignedShort() {
    return bytes.getUnsignedShort(take(2));
  }

  long unsignedInt() {
    return bytes.getUnsignedInt(take(4));
  }

  int variableInt() {
    var value = 0;
    for (var shift = 0; shift < 28; shift += 7) {
      var digit = unsignedByte();
      value |= (digit & 0x7f) << shift;
      if (digit < 0x80) {
        return value;
      }
    }
    throw new MalformedPacket("variable byte integer of more than four bytes");
  }

  String text() {
    var length = unsignedShort();
    var from = take(length);
    return bytes.getString(from, from + length);
  }

  Buffer bytes() {
    var length = unsignedShort();
    var from = take(length);
    return bytes.getBuffer(from, from + length);
  }

  Buffer remaining() {
    var from = at;
    at = end;
    return bytes.getBuffer(from, end);
  }

  private int take(int length) {
    var from = at;
    if (from + length > end) {
      throw new MalformedPacket("packet ends too early");
    }
    at += length;
    return from;
  }
}
