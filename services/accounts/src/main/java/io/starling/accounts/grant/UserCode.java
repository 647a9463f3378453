package io.starling.accounts.grant;

import io.starling.directory.Secrets;
import java.security.SecureRandom;
import java.util.Locale;

/**
 * What a device shows and a person types: eight letters of twenty that make no words and look like
 * no others (RFC 8628, section 6.1).
 */
final class UserCode {
  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
  private static final int HALF = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private UserCode() {}

  /** A new one, such as {@code BCDF-GHJK}. */
  static String create() {
    var code = new StringBuilder();
    for (int i = 0; i < 2 * HALF; i++) {
      code.append(i == HALF ? "-" : "").append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }

  /** What is kept of one, however somebody types it. */
  static String hash(String typed) {
    return Secrets.hash(typed.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", ""));
  }
}
