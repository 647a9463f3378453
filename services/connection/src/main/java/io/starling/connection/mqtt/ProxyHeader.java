package io.starling.connection.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ByteProcessor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says of the client in front of it: the PROXY protocol of HAProxy, version 1 (a line)
 * and 2 (binary).
 */
sealed interface ProxyHeader {
  /** Of a client at this address. */
  record Client(InetAddress address) implements ProxyHeader {}

  /** Of the proxy itself, a health check say, or of a client whose address it does not know. */
  record Itself() implements ProxyHeader {}

  /** It is none. */
  record Invalid() implements ProxyHeader {}

  byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
  byte[] WORD = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  int FIXED = 16;
  int MOST_BYTES = 4_096;
  int MOST_LINE = 107;

  /** Takes the header out of what came; null, and nothing taken, if it is not all there yet. */
  static @Nullable ProxyHeader read(ByteBuf in) {
    if (startsLike(in, SIGNATURE)) {
      return in.readableBytes() < FIXED ? null : binary(in);
    }
    return startsLike(in, WORD) ? line(in) : new Invalid();
  }

  private static boolean startsLike(ByteBuf in, byte[] start) {
    int length = Math.min(in.readableBytes(), start.length);
    byte[] there = ByteBufUtil.getBytes(in, in.readerIndex(), length, true);
    return Arrays.equals(there, 0, length, start, 0, length);
  }

  private static @Nullable ProxyHeader binary(ByteBuf in) {
    int at = in.readerIndex() + SIGNATURE.length;
    int command = in.getUnsignedByte(at);
    int family = in.getUnsignedByte(at + 1) >> 4;
    int length = in.getUnsignedShort(at + 2);
    if ((command != 0x20 && command != 0x21) || length > MOST_BYTES) {
      return new Invalid();
    }
    if (in.readableBytes() < FIXED + length) {
      return null;
    }
    var rest = in.skipBytes(FIXED).readSlice(length);
    if (command == 0x20) {
      return new Itself();
    }
    return switch (family) {
      case 1 -> address(rest, 4);
      case 2 -> address(rest, 16);
      default -> new Itself();
    };
  }

  /** The source stands first, then the destination of the same length, then both ports. */
  private static ProxyHeader address(ByteBuf in, int length) {
    if (in.readableBytes() < 2 * length + 4) {
      return new Invalid();
    }
    try {
      return new Client(InetAddress.getByAddress(ByteBufUtil.getBytes(in.readSlice(length))));
    } catch (UnknownHostException e) {
      return new Invalid();
    }
  }

  private static @Nullable ProxyHeader line(ByteBuf in) {
    int end = in.forEachByte(ByteProcessor.FIND_LF);
    int length = end - in.readerIndex() + 1;
    if (end < 0 || length > MOST_LINE) {
      return in.readableBytes() > MOST_LINE ? new Invalid() : null;
    }
    String line = in.readCharSequence(length, StandardCharsets.US_ASCII).toString();
    String[] words = line.strip().split(" ", -1);
    if (words.length > 1 && words[1].equals("UNKNOWN")) {
      return new Itself();
    }
    if (!line.endsWith("\r\n") || words.length != 6 || !words[1].matches("TCP[46]")) {
      return new Invalid();
    }
    try {
      return new Client(InetAddress.ofLiteral(words[2]));
    } catch (IllegalArgumentException e) {
      return new Invalid();
    }
  }
}
