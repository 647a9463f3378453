package io.starling.accounts;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/** An authority that signs certificates, made anew for each test; P-256, good for a day. */
final class Signer {
  private static final int SEQUENCE = 0x30;
  private static final int BIT_STRING = 0x03;
  private static final int TIME = 0x18;
  private static final byte[] VERSION_3 = hex("a003020102");
  private static final byte[] SERIAL = hex("020101");
  private static final byte[] ECDSA_SHA256 = hex("300a06082a8648ce3d040302");
  private static final byte[] IS_AUTHORITY = hex("a3133011300f0603551d130101ff040530030101ff");

  private final String name;
  private final KeyPair keys;
  private final String pem;

  Signer(String name) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      this.name = "CN=" + name;
      this.keys = generator.generateKeyPair();
      this.pem = sign(this.name, IS_AUTHORITY);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Its own certificate. */
  String pem() {
    return pem;
  }

  /** A certificate for somebody; whose key stands in it matters to nobody here. */
  String sign(String commonName) {
    try {
      return sign("CN=" + commonName, new byte[0]);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private String sign(String subject, byte[] extensions) throws GeneralSecurityException {
    var now = Instant.now();
    byte[] body =
        value(
            SEQUENCE,
            VERSION_3,
            SERIAL,
            ECDSA_SHA256,
            new X500Principal(name).getEncoded(),
            value(
                SEQUENCE, time(now.minus(1, ChronoUnit.HOURS)), time(now.plus(1, ChronoUnit.DAYS))),
            new X500Principal(subject).getEncoded(),
            keys.getPublic().getEncoded(),
            extensions);
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(body);
    byte[] whole =
        value(SEQUENCE, body, ECDSA_SHA256, value(BIT_STRING, new byte[1], signature.sign()));
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(whole));
  }

  private static byte[] time(Instant at) {
    var format = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    return value(TIME, format.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  /** One value of ASN.1's DER, shorter than 64 KiB. */
  private static byte[] value(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    var all = new ByteArrayOutputStream();
    all.write(tag);
    if (content.size() >= 256) {
      all.write(0x82);
      all.write(content.size() >> 8);
    } else if (content.size() >= 128) {
      all.write(0x81);
    }
    all.write(content.size());
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
