package io.starling.directory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Tokens and device secrets: made at random and long, so that a fast hash of them is enough, and no
 * slow one stands in the way of a CONNECT. Only hashes are kept. Thread-safe.
 */
public final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** A new access token: 160 random bits as 40 hexadecimal digits, as Particle's tools expect. */
  public static String newToken() {
    return random(20);
  }

  /** A new device secret: 256 random bits as 64 hexadecimal digits. */
  public static String newDeviceSecret() {
    return random(32);
  }

  /** A new claim code: 378 random bits as 63 characters of base64, as Particle's tools expect. */
  public static String newClaimCode() {
    return Base64.getEncoder().encodeToString(bytes(48)).substring(0, 63);
  }

  private static String random(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  private static byte[] bytes(int count) {
    byte[] value = new byte[count];
    RANDOM.nextBytes(value);
    return value;
  }

  /** SHA-256 in hexadecimal digits. */
  public static String hash(String secret) {
    return HexFormat.of().formatHex(sha256(secret));
  }

  /** Tells, in a time that does not depend on where they differ, whether a secret has this hash. */
  public static boolean matches(String secret, String hash) {
    return MessageDigest.isEqual(sha256(secret), HexFormat.of().parseHex(hash));
  }

  private static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
