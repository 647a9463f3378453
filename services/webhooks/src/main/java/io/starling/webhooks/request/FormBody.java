package io.starling.webhooks.request;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Fields as {@code application/x-www-form-urlencoded}. Bytes go in as they are, so that data which
 * are no UTF-8 arrive unharmed. Not thread-safe.
 */
final class FormBody {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final boolean[] PLAIN = new boolean[128];

  static {
    for (char c = 0; c < PLAIN.length; c++) {
      PLAIN[c] =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "*-._".indexOf(c) >= 0;
    }
  }

  private byte[] bytes;
  private int length;

  FormBody(int expectedBytes) {
    bytes = new byte[Math.max(64, expectedBytes)];
  }

  void add(String name, String value) {
    add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  void add(String name, byte[] value) {
    if (length > 0) {
      put((byte) '&');
    }
    encode(name.getBytes(StandardCharsets.UTF_8));
    put((byte) '=');
    encode(value);
  }

  Buffer toBuffer() {
    return Buffer.buffer(Arrays.copyOf(bytes, length));
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }

  private void encode(byte[] value) {
    if (length + 3 * value.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, length + 3 * value.length + 64);
    }
    for (byte b : value) {
      if (b >= 0 && PLAIN[b]) {
        bytes[length++] = b;
      } else if (b == ' ') {
        bytes[length++] = '+';
      } else {
        bytes[length++] = '%';
        bytes[length++] = HEX[(b >> 4) & 15];
        bytes[length++] = HEX[b & 15];
      }
    }
  }

  private void put(byte b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = b;
  }
}
