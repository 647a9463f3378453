package io.starling.contract;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;

/** The 12-byte ids of the field, written as 24 lower-case hexadecimal digits. */
final class Hex24 {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final HexFormat HEX = HexFormat.of();

  private Hex24() {}

  static boolean valid(CharSequence text) {
    if (text.length() != 24) {
      return false;
    }
    for (int i = 0; i < 24; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  static void require(String text) {
    if (!valid(text)) {
      throw new IllegalArgumentException("not an id of 24 hexadecimal digits");
    }
  }

  static long high(String text) {
    require(text);
    return HexFormat.fromHexDigitsToLong(text, 0, 16);
  }

  static int low(String text) {
    return HexFormat.fromHexDigits(text, 16, 24);
  }

  static String format(long high, int low) {
    return HEX.toHexDigits(high) + HEX.toHexDigits(low);
  }

  /** Seconds first, so that ids made later sort later; 64 random bits behind them. */
  static long newHigh() {
    return (InstantSource.system().instant().getEpochSecond() << 32)
        | (RANDOM.nextInt() & 0xffffffffL);
  }

  static int newLow() {
    return RANDOM.nextInt();
  }
}
