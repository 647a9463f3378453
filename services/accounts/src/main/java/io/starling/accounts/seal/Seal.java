package io.starling.accounts.seal;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals and opens. What is sealed is bound to its place: moved to another row it does not open.
 * Thread-safe.
 */
public final class Seal {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final List<SealKey> keys;
  private final SecureRandom random = new SecureRandom();

  /**
   * With these keys.
   *
   * @param keys the first seals, all open; at least one
   */
  public Seal(List<SealKey> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no key");
    }
    this.keys = List.copyOf(keys);
  }

  /**
   * Something sealed.
   *
   * @param key the id of the key
   */
  public record Sealed(String key, Buffer bytes) {}

  /** The id of the key that seals. */
  public String current() {
    return keys.getFirst().id();
  }

  /** All keys. */
  List<SealKey> keys() {
    return keys;
  }

  /**
   * Seals.
   *
   * @param place what it is of, unlike anything else that is sealed
   */
  public Sealed seal(String place, byte[] plain) {
    return seal(keys.getFirst(), place, plain);
  }

  Sealed seal(SealKey key, String place, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, place).doFinal(plain);
      return new Sealed(key.id(), Buffer.buffer(nonce).appendBytes(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM does not work here", e);
    }
  }

  /** Opens; empty if it was sealed for another place, or by a key that is not among these. */
  public Optional<byte[]> open(String place, Sealed sealed) {
    return keys.stream()
        .filter(key -> key.id().equals(sealed.key()))
        .findFirst()
        .flatMap(key -> open(key, place, sealed.bytes().getBytes()));
  }

  private static Optional<byte[]> open(SealKey key, String place, byte[] bytes) {
    if (bytes.length < NONCE_BYTES) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, key, nonce, place)
              .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, SealKey key, byte[] nonce, String place)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
