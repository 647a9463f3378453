package io.starling.accounts.passkey;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * An authenticator with one passkey, and the browser before it: does what it is asked, and what it
 * should not, by its public fields. Reads nothing of the options but what it needs.
 */
public final class Authenticator {
  private static final int PRESENT = 0x01;
  private static final int VERIFIED = 0x04;
  private static final int SYNCED = 0x08;
  private static final int BACKED_UP = 0x10;
  private static final int HAS_KEY = 0x40;
  private static final int BYTES = 0x40;
  private static final int TEXT = 0x60;

  /** By what keys it has. */
  public enum Kind {
    ES256,
    EDDSA,
    RS256
  }

  private final Kind kind;
  private final KeyPair keys;

  // What it says.
  public byte[] credential = random(32);
  public byte[] user = {};
  public String origin;
  public String party;
  public long count;
  public boolean verifies = true;
  public boolean synced;
  public boolean crossOrigin;

  /** Of this origin, with a key of ES256. */
  public Authenticator(String origin, String party) throws GeneralSecurityException {
    this(origin, party, Kind.ES256);
  }

  /** Of this origin. */
  public Authenticator(String origin, String party, Kind kind) throws GeneralSecurityException {
    this.origin = origin;
    this.party = party;
    this.kind = kind;
    var maker =
        KeyPairGenerator.getInstance(
            switch (kind) {
              case ES256 -> "EC";
              case EDDSA -> "Ed25519";
              case RS256 -> "RSA";
            });
    switch (kind) {
      case ES256 -> maker.initialize(256);
      case EDDSA -> {}
      case RS256 -> maker.initialize(2_048);
    }
    this.keys = maker.generateKeyPair();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** Makes its passkey as creation options want it; the answer of the browser. */
  public String create(String options) throws GeneralSecurityException {
    var asked = new JsonObject(options);
    user = decoded(asked.getJsonObject("user").getString("id"));
    var attestation =
        Buffer.buffer()
            .appendByte((byte) 0xa3)
            .appendBuffer(text("fmt"))
            .appendBuffer(text("none"))
            .appendBuffer(text("attStmt"))
            .appendByte((byte) 0xa0)
            .appendBuffer(text("authData"))
            .appendBuffer(bytes(data(HAS_KEY).appendBuffer(key())));
    return answer(
        new JsonObject()
            .put("clientDataJSON", encoded(client("webauthn.create", asked)))
            .put("attestationObject", encoded(attestation.getBytes())));
  }

  /** Signs what request options want; the answer of the browser. */
  public String get(String options) throws GeneralSecurityException {
    byte[] client = client("webauthn.get", new JsonObject(options));
    var data = data(0);
    var signature = Signature.getInstance(algorithm());
    signature.initSign(keys.getPrivate());
    signature.update(data.getBytes());
    signature.update(sha256(client));
    return answer(
        new JsonObject()
            .put("clientDataJSON", encoded(client))
            .put("authenticatorData", encoded(data.getBytes()))
            .put("signature", encoded(signature.sign()))
            .put("userHandle", user.length == 0 ? null : encoded(user)));
  }

  private String answer(JsonObject response) {
    return new JsonObject()
        .put("id", encoded(credential))
        .put("rawId", encoded(credential))
        .put("type", "public-key")
        .put("response", response)
        .put("clientExtensionResults", new JsonObject())
        .encode();
  }

  private byte[] client(String type, JsonObject asked) {
    return new JsonObject()
        .put("type", type)
        .put("challenge", asked.getString("challenge"))
        .put("origin", origin)
        .put("crossOrigin", crossOrigin)
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  private Buffer data(int more) throws GeneralSecurityException {
    int flags = PRESENT | (verifies ? VERIFIED : 0) | (synced ? SYNCED | BACKED_UP : 0) | more;
    return Buffer.buffer(sha256(party.getBytes(StandardCharsets.UTF_8)))
        .appendByte((byte) flags)
        .appendUnsignedInt(count);
  }

  /** The attested credential data; its key as COSE has it (RFC 9053). */
  private Buffer key() {
    return Buffer.buffer(new byte[16])
        .appendUnsignedShort(credential.length)
        .appendBytes(credential)
        .appendBuffer(
            switch (keys.getPublic()) {
              case ECPublicKey key ->
                  // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
                  Buffer.buffer(new byte[] {(byte) 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21})
                      .appendBuffer(bytes(number(key.getW().getAffineX(), 32)))
                      .appendByte((byte) 0x22)
                      .appendBuffer(bytes(number(key.getW().getAffineY(), 32)));
              case EdECPublicKey key ->
                  // {1: 1, 3: -8, -1: 6, -2: x}
                  Buffer.buffer(new byte[] {(byte) 0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21})
                      .appendBuffer(bytes(Buffer.buffer(last(key.getEncoded(), 32))));
              case RSAPublicKey key ->
                  // {1: 3, 3: -257, -1: n, -2: e}
                  Buffer.buffer(new byte[] {(byte) 0xa4, 1, 3, 3, 0x39, 1, 0, 0x20})
                      .appendBuffer(bytes(number(key.getModulus(), 256)))
                      .appendByte((byte) 0x21)
                      .appendBuffer(bytes(number(key.getPublicExponent(), 3)));
              default -> throw new IllegalStateException("unknown key");
            });
  }

  private String algorithm() {
    return switch (kind) {
      case ES256 -> "SHA256withECDSA";
      case EDDSA -> "Ed25519";
      case RS256 -> "SHA256withRSA";
    };
  }

  private static byte[] last(byte[] bytes, int count) {
    return Arrays.copyOfRange(bytes, bytes.length - count, bytes.length);
  }

  private static Buffer number(BigInteger value, int length) {
    byte[] all = new byte[length];
    byte[] bytes = value.toByteArray();
    int size = Math.min(length, bytes.length);
    System.arraycopy(bytes, bytes.length - size, all, length - size, size);
    return Buffer.buffer(all);
  }

  private static Buffer text(String text) {
    return Buffer.buffer().appendByte((byte) (TEXT | text.length())).appendString(text);
  }

  private static Buffer bytes(Buffer bytes) {
    return bytes.length() < 256
        ? Buffer.buffer()
            .appendByte((byte) (BYTES | 24))
            .appendUnsignedByte((short) bytes.length())
            .appendBuffer(bytes)
        : Buffer.buffer()
            .appendByte((byte) (BYTES | 25))
            .appendUnsignedShort(bytes.length())
            .appendBuffer(bytes);
  }

  private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decoded(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
