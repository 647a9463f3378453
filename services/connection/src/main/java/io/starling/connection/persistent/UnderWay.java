package io.starling.connection.persistent;

import io.starling.connection.delivery.Progress;
import io.starling.connection.retained.Owed;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The packets that neither side had finished with when a kept session left a gateway.
 *
 * @param received the packet ids of QoS 2 messages of the client whose PUBREL has not come
 * @param progress what the client was sent
 * @param owed retained messages that it was to be sent
 */
record UnderWay(List<Integer> received, Progress progress, List<Owed> owed) {
  /** Without retained messages: gateways of before know no other. */
  private static final byte PACKETS = 1;

  private static final byte RETAINED_AND_PACKETS = 2;

  /** What the log of sessions takes of one session. */
  private static final int MAX_BYTES = 8 << 10;

  /** In the form in which the log of sessions keeps it; empty if there is nothing. */
  Buffer encode() {
    var bytes = Buffer.buffer();
    if (received.isEmpty() && progress.isEmpty() && owed.isEmpty()) {
      return bytes;
    }
    bytes.appendByte(owed.isEmpty() ? PACKETS : RETAINED_AND_PACKETS);
    if (!owed.isEmpty()) {
      bytes.appendUnsignedShort(owed.size());
      for (var one : owed) {
        write(one.filter(), bytes);
        write(one.after(), bytes);
      }
    }
    bytes.appendUnsignedShort(received.size());
    received.forEach(bytes::appendUnsignedShort);
    progress.writeTo(bytes);
    if (bytes.length() <= MAX_BYTES) {
      return bytes;
    }
    // Filters can be long: the packets alone are what a client would be confused without.
    return owed.isEmpty()
        ? Buffer.buffer()
        : new UnderWay(received, progress, owed.subList(0, owed.size() / 2)).encode();
  }

  private static void write(String text, Buffer bytes) {
    var encoded = Buffer.buffer(text);
    bytes.appendUnsignedShort(encoded.length()).appendBuffer(encoded);
  }

  /** Reads it; nothing if it is in a form that this code does not know. */
  static UnderWay decode(Buffer bytes) {
    if (bytes.length() == 0 || bytes.getByte(0) > RETAINED_AND_PACKETS) {
      return new UnderWay(List.of(), Progress.none(), List.of());
    }
    int at = 1;
    var owed = new ArrayList<Owed>();
    if (bytes.getByte(0) == RETAINED_AND_PACKETS) {
      int count = bytes.getUnsignedShort(at);
      at += 2;
      for (; count > 0; count--) {
        var filter = text(bytes, at);
        at += 2 + bytes.getUnsignedShort(at);
        owed.add(new Owed(filter, text(bytes, at)));
        at += 2 + bytes.getUnsignedShort(at);
      }
    }
    var received = new ArrayList<Integer>();
    int count = bytes.getUnsignedShort(at);
    at += 2;
    for (int left = count; left > 0; left--) {
      received.add(bytes.getUnsignedShort(at));
      at += 2;
    }
    return new UnderWay(received, Progress.readFrom(bytes, at), owed);
  }

  private static String text(Buffer bytes, int at) {
    return bytes.getString(at + 2, at + 2 + bytes.getUnsignedShort(at));
  }
}
