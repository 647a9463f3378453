package io.starling.connection.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The fields of one packet at a time, read in their order and never beyond its end. Every method
 * throws {@link Violation} where the packet is not as it must be. Not thread-safe.
 */
final class Fields {
  private static final int DIGITS = 4;
  private static final String INVALID_TEXT = "text is no UTF-8";

  /** Reports surrogates and whatever else is no UTF-8 (section 1.5.4). */
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  private ByteBuf in = Unpooled.EMPTY_BUFFER;
  private int end;
  private boolean strictLengths;

  /**
   * Begins with the fields from the reader index up to here.
   *
   * @param strictLengths whether lengths must be written with as few bytes as possible (MQTT 5)
   */
  void open(ByteBuf source, int endIndex, boolean strictLengths) {
    this.in = source;
    this.end = endIndex;
    this.strictLengths = strictLengths;
  }

  /** Lets go of the bytes. */
  void close() {
    in = Unpooled.EMPTY_BUFFER;
    end = 0;
  }

  void strictLengths() {
    strictLengths = true;
  }

  int left() {
    return end - in.readerIndex();
  }

  private void need(int bytes) {
    if (left() < bytes) {
      throw Violation.malformed("ends within a field");
    }
  }

  /** Nothing may be left. */
  void finish() {
    if (left() != 0) {
      throw Violation.malformed("bytes behind the last field");
    }
  }

  /**
   * Makes so many bytes all that is left.
   *
   * @return the end, to be given back
   */
  int narrow(int bytes) {
    need(bytes);
    int whole = end;
    end = in.readerIndex() + bytes;
    return whole;
  }

  /** There is more again. */
  void widen(int endIndex) {
    end = endIndex;
  }

  /** The next field has as many bytes as it says. */
  void needField() {
    need(2);
    need(2 + in.getUnsignedShort(in.readerIndex()));
  }

  int u8() {
    need(1);
    return in.readUnsignedByte();
  }

  int u16() {
    need(2);
    return in.readUnsignedShort();
  }

  long u32() {
    need(4);
    return in.readUnsignedInt();
  }

  /** A variable byte integer (section 1.5.5). */
  int variable() {
    int value = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int next = u8();
      value |= (next & 0x7F) << (7 * digit);
      if (next < 0x80) {
        if (strictLengths && next == 0 && digit > 0) {
          throw Violation.malformed("a number has more bytes than it needs");
        }
        return value;
      }
    }
    throw Violation.malformed("a number has more than four bytes");
  }

  /** A packet identifier (section 2.2.1). */
  int packetId(Violation ifZero) {
    int id = u16();
    if (id == 0) {
      throw ifZero;
    }
    return id;
  }

  /** Binary data. */
  Buffer binary() {
    int length = u16();
    need(length);
    return bytes(length);
  }

  /** All that is left. */
  Buffer rest() {
    return bytes(left());
  }

  private Buffer bytes(int length) {
    if (length == 0) {
      return Buffer.buffer();
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
  }

  /** Text, as people write it. */
  String text() {
    int length = u16();
    need(length);
    int from = in.readerIndex();
    int other = in.forEachByte(from, length, Fields::isAscii);
    String text;
    if (other < 0) {
      text = in.toString(from, length, StandardCharsets.US_ASCII);
    } else if (in.getByte(other) == 0) {
      throw Violation.malformed("text with U+0000");
    } else {
      text = decode(in.nioBuffer(from, length));
    }
    in.skipBytes(length);
    return text;
  }

  private static boolean isAscii(byte one) {
    return one > 0;
  }

  private String decode(ByteBuffer bytes) {
    CharBuffer chars;
    try {
      chars = utf8.decode(bytes);
    } catch (CharacterCodingException e) {
      throw Violation.malformed(INVALID_TEXT);
    }
    for (int i = 0; i < chars.length(); i++) {
      if (chars.charAt(i) == 0) {
        throw Violation.malformed("text with U+0000");
      }
    }
    return chars.toString();
  }

  /** Text by which something is known: without control characters. */
  String name() {
    String text = text();
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw Violation.malformed("a name with control characters");
      }
    }
    return text;
  }
}
