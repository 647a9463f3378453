package io.starling.connection.persistent;

import io.starling.connection.delivery.Progress;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The packets that neither side had finished with when a kept session left a gateway.
 *
 * @param received the packet ids of QoS 2 messages of the client whose PUBREL has not come
 * @param progress what the client was sent
 */
record UnderWay(List<Integer> received, Progress progress) {
  private static final byte FORMAT = 1;

  /** What the log of sessions takes of one session. */
  private static final int MAX_BYTES = 8 << 10;

  /** In the form in which the log of sessions keeps it; empty if there is nothing. */
  Buffer encode() {
    var bytes = Buffer.buffer();
    if (received.isEmpty() && progress.isEmpty()) {
      return bytes;
    }
    bytes.appendByte(FORMAT).appendUnsignedShort(received.size());
    received.forEach(bytes::appendUnsignedShort);
    progress.writeTo(bytes);
    return bytes.length() > MAX_BYTES ? Buffer.buffer() : bytes;
  }

  /** Reads it; nothing if it is in a form that this code does not know. */
  static UnderWay decode(Buffer bytes) {
    if (bytes.length() == 0 || bytes.getByte(0) != FORMAT) {
      return new UnderWay(List.of(), Progress.none());
    }
    int at = 3;
    var received = new ArrayList<Integer>();
    for (int left = bytes.getUnsignedShort(1); left > 0; left--) {
      received.add(bytes.getUnsignedShort(at));
      at += 2;
    }
    return new UnderWay(received, Progress.readFrom(bytes, at));
  }
}
