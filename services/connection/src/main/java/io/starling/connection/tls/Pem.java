package io.starling.connection.tls;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads PEM files (RFC 7468): certificates, and private keys as PKCS#8 or as OpenSSL and
 * cert-manager write them ({@code RSA PRIVATE KEY}, {@code EC PRIVATE KEY}), not encrypted.
 * Whatever is wrong is an {@link IllegalArgumentException} whose text can be shown, without the
 * content.
 */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final byte[] VERSION = {Der.INTEGER, 1, 0};
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final int CURVE = 0xa0;
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private Pem() {}

  private record Block(String label, Buffer content) {
    private byte[] bytes() {
      return content.getBytes();
    }
  }

  private static List<Block> blocks(Buffer file) {
    var blocks = new ArrayList<Block>();
    for (var found : BLOCK.matcher(file.toString(StandardCharsets.ISO_8859_1)).results().toList()) {
      try {
        byte[] bytes = Base64.getMimeDecoder().decode(found.group(2));
        blocks.add(new Block(found.group(1), Buffer.buffer(bytes)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("is damaged", e);
      }
    }
    return blocks;
  }

  /** All certificates in a file, at least one. */
  static List<X509Certificate> certificates(Buffer file) {
    var certificates = new ArrayList<X509Certificate>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      for (var block : blocks(file)) {
        if (block.label().endsWith("CERTIFICATE")) {
          var bytes = new ByteArrayInputStream(block.bytes());
          certificates.add((X509Certificate) factory.generateCertificate(bytes));
        }
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException("holds a certificate that cannot be read", e);
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("holds no certificate in PEM form");
    }
    return certificates;
  }

  /** The first private key of a file. */
  static PrivateKey key(Buffer file) {
    for (var block : blocks(file)) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return pkcs8(block.bytes());
        }
        case "RSA PRIVATE KEY" -> {
          return pkcs8(wrapped(Der.value(Der.SEQUENCE, RSA), block.bytes()));
        }
        case "EC PRIVATE KEY" -> {
          return pkcs8(wrapped(Der.value(Der.SEQUENCE, EC, curve(block.bytes())), block.bytes()));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IllegalArgumentException("is encrypted; a key without password is needed");
        default -> {
          // EC PARAMETERS and certificates may stand before it.
        }
      }
    }
    throw new IllegalArgumentException("holds no private key in PEM form");
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return Der.value(Der.SEQUENCE, VERSION, algorithm, Der.value(Der.OCTET_STRING, key));
  }

  /** The name of the curve, as it stands in the key (RFC 5915). */
  private static byte[] curve(byte[] key) {
    try {
      var parts = Der.enter(ByteBuffer.wrap(key), Der.SEQUENCE);
      var _ = Der.enter(parts, Der.INTEGER);
      var _ = Der.enter(parts, Der.OCTET_STRING);
      return Der.rest(Der.enter(parts, CURVE));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("holds a key that cannot be read", e);
    }
  }

  private static PrivateKey pkcs8(byte[] bytes) {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (GeneralSecurityException _) {
        // Of another kind, then.
      }
    }
    throw new IllegalArgumentException("holds a key that cannot be read");
  }
}
