package io.starling.firmware.image;

import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** A public Ed25519 key by which a customer's images are signed. Immutable. */
public final class ImageKey {
  private static final String ALGORITHM = "Ed25519";
  private static final int MOST_CHARACTERS = 1_000;

  private final PublicKey key;

  private ImageKey(PublicKey key) {
    this.key = key;
  }

  /**
   * Reads a SubjectPublicKeyInfo in PEM (RFC 7468), as {@code openssl pkey -pubout} writes it.
   *
   * @throws IllegalArgumentException if it is none of an Ed25519 key, saying what to change
   */
  public static ImageKey read(String pem) {
    String text = pem.strip();
    if (text.length() > MOST_CHARACTERS
        || !text.startsWith("-----BEGIN PUBLIC KEY-----")
        || !text.endsWith("-----END PUBLIC KEY-----")) {
      throw notAKey();
    }
    String body =
        text.replace("-----BEGIN PUBLIC KEY-----", "").replace("-----END PUBLIC KEY-----", "");
    try {
      var bytes = Base64.getMimeDecoder().decode(body);
      return new ImageKey(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(bytes)));
    } catch (IllegalArgumentException | GeneralSecurityException _) {
      throw notAKey();
    }
  }

  private static IllegalArgumentException notAKey() {
    return new IllegalArgumentException(
        "must be a public Ed25519 key in PEM, -----BEGIN PUBLIC KEY----- …");
  }

  /** As images name it: SHA-256 of its SubjectPublicKeyInfo, 32 bytes. */
  public Buffer hash() {
    try {
      return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 does not work here", e);
    }
  }

  /** Tells whether an image bears a signature of this key over its hash. */
  public boolean hasSigned(Image.Mcuboot image) {
    return image.signature().filter(bytes -> verifies(image.hash(), bytes)).isPresent();
  }

  private boolean verifies(Buffer hash, Buffer bytes) {
    try {
      var signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(hash.getBytes());
      return signature.verify(bytes.getBytes());
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
