package io.starling.accounts.seal;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that seals.
 *
 * @param id its name, which stands with everything that it sealed
 */
public record SealKey(String id, SecretKey secret) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final int BYTES = 32;
  private static final int MOST = 8;

  /** A new one. */
  static SealKey create() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new SealKey("made-here", new SecretKeySpec(bytes, "AES"));
  }

  /**
   * Reads keys, of which the first seals: {@code name:base64,…}; none from an empty text.
   *
   * @throws IllegalArgumentException if they are none, with a reason that tells nothing of them
   */
  public static List<SealKey> parse(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    var keys = Arrays.stream(text.strip().split(",", -1)).map(SealKey::one).toList();
    if (keys.stream().map(SealKey::id).distinct().count() != keys.size() || keys.size() > MOST) {
      throw new IllegalArgumentException("must be at most " + MOST + " keys, each of its own name");
    }
    return keys;
  }

  private static SealKey one(String text) {
    String[] parts = text.strip().split(":", 2);
    if (parts.length != 2 || !ID.matcher(parts[0]).matches()) {
      throw new IllegalArgumentException(
          "must be name:key,… with names of lower-case letters, digits and hyphens");
    }
    return new SealKey(parts[0], new SecretKeySpec(bytes(parts[1]), "AES"));
  }

  private static byte[] bytes(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length == BYTES) {
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // What Base64 says of it would tell a part of it.
    }
    throw new IllegalArgumentException("a key must be 32 random bytes in base64");
  }

  /** As {@link #parse} reads it. */
  String text() {
    return id + ":" + Base64.getEncoder().encodeToString(secret.getEncoded());
  }

  @Override
  public String toString() {
    return "SealKey[" + id + "]";
  }
}
