package io.starling.accounts.login;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One-time passwords by time, RFC 6238: six digits of HMAC-SHA-1, a step of 30 s. */
final class Totp {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 20;
  private static final int STEP_SECONDS = 30;
  private static final int DIGITS = 1_000_000;
  private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Totp() {}

  static byte[] newSecret() {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return secret;
  }

  /** As people type it, RFC 4648. */
  static String base32(byte[] secret) {
    var text = new StringBuilder();
    int bits = 0;
    int count = 0;
    for (byte each : secret) {
      bits = ((bits << 8) | (each & 0xff)) & 0xffff;
      for (count += 8; count >= 5; count -= 5) {
        text.append(BASE_32.charAt((bits >> (count - 5)) & 31));
      }
    }
    if (count > 0) {
      text.append(BASE_32.charAt((bits << (5 - count)) & 31));
    }
    return text.toString();
  }

  /**
   * The step that a password is of: the present one, the one before, or the one to come, for clocks
   * differ. None that is not behind the last one used.
   */
  static OptionalLong step(byte[] secret, String password, Instant now, long lastStep) {
    long present = Math.floorDiv(now.getEpochSecond(), STEP_SECONDS);
    var found = OptionalLong.empty();
    for (long step = Math.max(present - 1, lastStep + 1); step <= present + 1; step++) {
      if (isSame(password, password(secret, step))) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  private static boolean isSame(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  static String password(byte[] secret, long step) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "RAW"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int at = hash[hash.length - 1] & 0xf;
      int number = ByteBuffer.wrap(hash).getInt(at) & Integer.MAX_VALUE;
      return "%06d".formatted(number % DIGITS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-1", e);
    }
  }
}
