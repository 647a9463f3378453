package io.starling.connection.tls;

import java.nio.ByteBuffer;

/** As much of ASN.1's DER as it takes to wrap a private key into PKCS#8. */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int SEQUENCE = 0x30;
  private static final int LONG_LENGTH = 0x80;

  private Der() {}

  /** One value: its tag, its length, and the parts that it consists of. */
  static byte[] value(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    var bytes = ByteBuffer.allocate(length + 6).put((byte) tag);
    if (length < LONG_LENGTH) {
      bytes.put((byte) length);
    } else {
      int digits = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      bytes.put((byte) (LONG_LENGTH | digits));
      for (int i = digits - 1; i >= 0; i--) {
        bytes.put((byte) (length >> (8 * i)));
      }
    }
    for (byte[] part : parts) {
      bytes.put(part);
    }
    byte[] value = new byte[bytes.flip().remaining()];
    bytes.get(value);
    return value;
  }

  /**
   * Enters the value at this place: what is in it.
   *
   * @throws IllegalArgumentException if there is none with this tag
   */
  static ByteBuffer enter(ByteBuffer at, int tag) {
    if (at.remaining() < 2 || (at.get() & 0xff) != tag) {
      throw new IllegalArgumentException("no value of this kind");
    }
    int length = at.get() & 0xff;
    if (length >= LONG_LENGTH) {
      int digits = length - LONG_LENGTH;
      length = 0;
      for (int i = 0; i < digits && at.hasRemaining(); i++) {
        length = (length << 8) | (at.get() & 0xff);
      }
    }
    if (length < 0 || length > at.remaining()) {
      throw new IllegalArgumentException("a value is longer than what there is of it");
    }
    var inside = at.slice(at.position(), length);
    at.position(at.position() + length);
    return inside;
  }

  /** The bytes that are left. */
  static byte[] rest(ByteBuffer at) {
    byte[] rest = new byte[at.remaining()];
    at.get(rest);
    return rest;
  }
}
