package io.starling.testing.wire;

import io.vertx.core.buffer.Buffer;

/**
 * Cuts a byte stream into MQTT packets, however the network fragments it.
 *
 * <p>Not thread-safe: one parser belongs to one connection and its event loop. A packet that lies
 * whole in a chunk is handed on without a copy. At most one unfinished packet is kept, so memory is
 * bounded by {@code maxFrameBytes} plus one chunk.
 */
public final class FrameParser {
  private static final Buffer NOTHING = Buffer.buffer(0);

  /** Receives each packet in order. */
  @FunctionalInterface
  public interface Frames {
    /**
     * One packet: its first byte and where the bytes after the remaining length lie. The buffer is
     * valid during the call only.
     */
    void frame(int firstByte, Buffer bytes, int start, int length);
  }

  private final int maxFrameBytes;
  private final Frames frames;
  private Buffer rest = NOTHING;

  public FrameParser(int maxFrameBytes, Frames frames) {
    this.maxFrameBytes = maxFrameBytes;
    this.frames = frames;
  }

  /**
   * Takes the next bytes of the stream and hands on every packet that they complete.
   *
   * @throws MalformedPacket for a remaining length of more than four bytes, or a packet above the
   *     limit
   */
  public void feed(Buffer chunk) {
    var bytes = rest.length() == 0 ? chunk : rest.appendBuffer(chunk);
    var at = 0;
    while (true) {
      var next = one(bytes, at);
      if (next < 0) {
        break;
      }
      at = next;
    }
    rest = at == bytes.length() ? NOTHING : bytes.getBuffer(at, bytes.length());
  }

  /** True between packets: a stream that ends here has not cut one in half. */
  public boolean isBetweenFrames() {
    return rest.length() == 0;
  }

  /** Hands on the packet that begins at this place and returns where the next one does, or -1. */
  private int one(Buffer bytes, int from) {
    var available = bytes.length() - from;
    var length = 0;
    for (var i = 1; i <= 4; i++) {
      if (available <= i) {
        return -1;
      }
      var digit = bytes.getByte(from + i);
      length |= (digit & 0x7f) << (7 * (i - 1));
      if (length > maxFrameBytes) {
        throw new MalformedPacket("packet of " + length + " bytes, limit " + maxFrameBytes);
      }
      if (digit >= 0) {
        var start = from + 1 + i;
        if (bytes.length() - start < length) {
          return -1;
        }
        frames.frame(bytes.getByte(from) & 0xff, bytes, start, length);
        return start + length;
      }
    }
    throw new MalformedPacket("remaining length of more than four bytes");
  }
}
