package io.starling.connection.mqtt;

import io.netty.buffer.ByteBuf;

/** The first record of a TLS connection (RFC 8446, section 5.1), seen from outside. */
enum ClientHello {
  PARTLY,
  WHOLE,
  /** It is none. */
  NONE;

  private static final int HEADER_BYTES = 5;
  private static final int HANDSHAKE = 22;
  private static final int MOST_BYTES = 16 << 10;

  /** Looks how much of it is there; takes nothing. */
  static ClientHello in(ByteBuf in) {
    int at = in.readerIndex();
    if (in.isReadable() && in.getByte(at) != HANDSHAKE) {
      return NONE;
    }
    if (in.readableBytes() < HEADER_BYTES) {
      return PARTLY;
    }
    int length = in.getUnsignedShort(at + 3);
    if (length > MOST_BYTES) {
      return NONE;
    }
    return in.readableBytes() < HEADER_BYTES + length ? PARTLY : WHOLE;
  }
}
