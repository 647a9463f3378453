package io.starling.directory;

import io.starling.contract.SigningKind;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook is signed with, as Standard Webhooks writes it: {@code whsec_} and 24 to 64 random
 * bytes, or {@code whsk_} and the seed of an Ed25519 key with its public half. Immutable; never
 * prints itself.
 */
public final class SigningSecret {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String HMAC_PREFIX = "whsec_";
  private static final String PRIVATE_PREFIX = "whsk_";
  private static final String PUBLIC_PREFIX = "whpk_";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;
  private static final int ED25519_BYTES = 32;
  private static final int TOLD = 4;

  private final SigningKind kind;
  private final byte[] bytes;
  private final Key key;
  private final byte @Nullable [] publicBytes;

  private SigningSecret(SigningKind kind, byte[] bytes, Key key, byte @Nullable [] publicBytes) {
    this.kind = kind;
    this.bytes = bytes;
    this.key = key;
    this.publicBytes = publicBytes;
  }

  /** A new one. */
  public static SigningSecret create(SigningKind kind) {
    byte[] random = new byte[ED25519_BYTES];
    RANDOM.nextBytes(random);
    return of(kind, random);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is not well formed, with the reason
   */
  public static SigningSecret read(SigningKind kind, String text) {
    return switch (kind) {
      case V1 -> {
        byte[] bytes = decode(HMAC_PREFIX, text);
        if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
          throw new IllegalArgumentException("secret must have 24 to 64 bytes");
        }
        yield of(kind, bytes);
      }
      case V1A -> {
        byte[] bytes = decode(PRIVATE_PREFIX, text);
        if (bytes.length != ED25519_BYTES && bytes.length != 2 * ED25519_BYTES) {
          throw new IllegalArgumentException(
              "secret must have 32 bytes, or 64 with the public key");
        }
        var secret = of(kind, Arrays.copyOf(bytes, ED25519_BYTES));
        if (bytes.length > ED25519_BYTES && !Arrays.equals(bytes, secret.bytes)) {
          throw new IllegalArgumentException("secret does not go with its public key");
        }
        yield secret;
      }
    };
  }

  private static byte[] decode(String prefix, String text) {
    if (!text.startsWith(prefix)) {
      throw new IllegalArgumentException("secret must start with " + prefix);
    }
    try {
      return Base64.getDecoder().decode(text.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("secret is not base64", e);
    }
  }

  private static SigningSecret of(SigningKind kind, byte[] bytes) {
    return switch (kind) {
      case V1 -> new SigningSecret(kind, bytes, new SecretKeySpec(bytes, "HmacSHA256"), null);
      case V1A -> ed25519(bytes);
    };
  }

  private static SigningSecret ed25519(byte[] seed) {
    try {
      var spec = new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed);
      byte[] encoded = publicOf(seed).getEncoded();
      byte[] half = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
      byte[] both = Arrays.copyOf(seed, 2 * ED25519_BYTES);
      System.arraycopy(half, 0, both, ED25519_BYTES, ED25519_BYTES);
      var key = KeyFactory.getInstance("Ed25519").generatePrivate(spec);
      return new SigningSecret(SigningKind.V1A, both, key, half);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 does not work here", e);
    }
  }

  /** The JDK has no other way to it: a generator takes its random bytes for the seed. */
  private static PublicKey publicOf(byte[] seed) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
    return generator.generateKeyPair().getPublic();
  }

  private static final class Seed extends SecureRandom {
    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }

  /** What signs. */
  public Key key() {
    return key;
  }

  /** All of it, to be told once and kept. */
  public String text() {
    return (kind == SigningKind.V1 ? HMAC_PREFIX : PRIVATE_PREFIX)
        + Base64.getEncoder().encodeToString(bytes);
  }

  /** Its last characters, by which people know it again. */
  public String tail() {
    String text = text();
    // Of a private key, the end of what is public anyway.
    return text.substring(text.length() - TOLD);
  }

  /** The public key as Standard Webhooks writes it; empty if there is none. */
  public Optional<String> publicKey() {
    return Optional.ofNullable(publicBytes)
        .map(half -> PUBLIC_PREFIX + Base64.getEncoder().encodeToString(half));
  }

  /** The public key as a JSON Web Key writes it (RFC 8037, "x"); empty if there is none. */
  public Optional<String> publicX() {
    return Optional.ofNullable(publicBytes)
        .map(half -> Base64.getUrlEncoder().withoutPadding().encodeToString(half));
  }

  @Override
  public String toString() {
    return "a secret of " + kind;
  }
}
