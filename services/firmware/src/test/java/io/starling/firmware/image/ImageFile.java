package io.starling.firmware.image;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Writes images for MCUboot, right ones and wrong ones. */
final class ImageFile {
  private int headerBytes = 512;
  private int flags;
  private Buffer body = Buffer.buffer("code ".repeat(30_000));
  private final Buffer protectedRecords = Buffer.buffer();
  private final Buffer records = Buffer.buffer();
  private int declaredProtected = -1;
  private UnaryOperator<Buffer> hash = right -> right;

  static KeyPair key() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String pem(KeyPair key) {
    var body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(key.getPublic().getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  ImageFile headerBytes(int bytes) {
    headerBytes = bytes;
    return this;
  }

  ImageFile flags(int value) {
    flags = value;
    return this;
  }

  ImageFile body(Buffer bytes) {
    body = bytes;
    return this;
  }

  ImageFile declaredProtected(int bytes) {
    declaredProtected = bytes;
    return this;
  }

  ImageFile hash(UnaryOperator<Buffer> change) {
    hash = change;
    return this;
  }

  ImageFile protectedRecord(int type, Buffer value) {
    record(protectedRecords, type, value);
    return this;
  }

  ImageFile record(int type, Buffer value) {
    record(records, type, value);
    return this;
  }

  ImageFile securityCounter(long counter) {
    return protectedRecord(
        ImageRecords.SECURITY_COUNTER, Buffer.buffer().appendUnsignedIntLE(counter));
  }

  ImageFile hardware(UUID vendor, UUID hardware) {
    return protectedRecord(ImageRecords.VENDOR, bytes(vendor))
        .protectedRecord(ImageRecords.HARDWARE, bytes(hardware));
  }

  private static Buffer bytes(UUID id) {
    return Buffer.buffer()
        .appendLong(id.getMostSignificantBits())
        .appendLong(id.getLeastSignificantBits());
  }

  private static void record(Buffer to, int type, Buffer value) {
    to.appendUnsignedShortLE(type).appendUnsignedShortLE(value.length()).appendBuffer(value);
  }

  /** What is signed. */
  private Buffer signed() {
    int area = protectedRecords.length() == 0 ? 0 : protectedRecords.length() + 4;
    var all =
        Buffer.buffer()
            .appendIntLE(ImageReader.MAGIC)
            .appendIntLE(0)
            .appendUnsignedShortLE(headerBytes)
            .appendUnsignedShortLE(declaredProtected < 0 ? area : declaredProtected)
            .appendUnsignedIntLE(body.length())
            .appendIntLE(flags)
            .appendUnsignedByte((short) 1)
            .appendUnsignedByte((short) 2)
            .appendUnsignedShortLE(3)
            .appendUnsignedIntLE(4_000_000_000L)
            .appendIntLE(0);
    while (all.length() < headerBytes) {
      all.appendByte((byte) 0);
    }
    all.appendBuffer(body);
    if (area > 0) {
      all.appendUnsignedShortLE(ImageReader.PROTECTED_MAGIC)
          .appendUnsignedShortLE(area)
          .appendBuffer(protectedRecords);
    }
    return all;
  }

  Buffer digest() {
    return Buffer.buffer(sha256(signed().getBytes()));
  }

  /** Signed by no one. */
  Buffer write() {
    var own = Buffer.buffer();
    record(own, ImageRecords.SHA256, hash.apply(digest()));
    own.appendBuffer(records);
    return signed()
        .appendUnsignedShortLE(ImageReader.UNPROTECTED_MAGIC)
        .appendUnsignedShortLE(own.length() + 4)
        .appendBuffer(own);
  }

  /** Signed, as imgtool does. */
  Buffer write(KeyPair key) {
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(key.getPrivate());
      signature.update(digest().getBytes());
      var named = Buffer.buffer(sha256(key.getPublic().getEncoded()));
      return record(ImageRecords.KEY_HASH, named)
          .record(ImageRecords.ED25519, Buffer.buffer(signature.sign()))
          .write();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
