package io.starling.webhooks.response;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An answer in pieces. Pure. */
final class Chunks {
  private static final int BYTES = 512;
  private static final int MOST_CONTINUATIONS = 3;

  private Chunks() {}

  /** The first 100 KiB of an answer, in one piece or in small ones. */
  static List<Buffer> of(byte[] body, boolean whole) {
    boolean text = isText(body);
    int end = end(body, 0, Answer.MAX_BYTES, text);
    var chunks = new ArrayList<Buffer>();
    int from = 0;
    while (from < end) {
      int to = whole ? end : Math.min(end, end(body, from, BYTES, text));
      chunks.add(Buffer.buffer(to - from).appendBytes(body, from, to - from));
      from = to;
    }
    return chunks;
  }

  /** Where a piece ends: of a text, before a character that does not fit. */
  private static int end(byte[] body, int from, int most, boolean text) {
    int end = from + most;
    if (end >= body.length) {
      return body.length;
    }
    while (text && isContinuation(body[end])) {
      end--;
    }
    return end;
  }

  private static boolean isContinuation(byte octet) {
    return (octet & 0xc0) == 0x80;
  }

  /** A long answer may have been cut within its last character. */
  private static boolean isText(byte[] body) {
    int end = body.length;
    if (end > Answer.MAX_BYTES) {
      int least = end - MOST_CONTINUATIONS;
      while (end > least && isContinuation(body[end - 1])) {
        end--;
      }
      end--;
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body, 0, end));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
