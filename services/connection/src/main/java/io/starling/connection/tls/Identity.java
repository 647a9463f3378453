package io.starling.connection.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A certificate of the server, with its chain and its key.
 *
 * @param chain its own certificate first
 */
record Identity(List<X509Certificate> chain, PrivateKey key) {
  private static final int DNS_NAME = 2;
  private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([^,]+)");
  private static final byte[] SAMPLE = {1, 2, 3};

  /**
   * Reads a pair.
   *
   * @throws IllegalArgumentException if a file cannot be used, or the key is of another certificate
   */
  static Identity read(TlsFiles.Pair files) {
    var chain =
        about(files.certificate().name(), () -> Pem.certificates(files.certificate().content()));
    var key = about(files.key().name(), () -> Pem.key(files.key().content()));
    var identity = new Identity(chain, key);
    if (!identity.belongsTogether()) {
      throw new IllegalArgumentException(
          files.key().name() + " is not the key of " + files.certificate().name());
    }
    return identity;
  }

  /** Reading, whose mistakes name the file. */
  interface Reading<T> {
    T read();
  }

  static <T> T about(String file, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + " " + e.getMessage(), e);
    }
  }

  private boolean belongsTogether() {
    try {
      var signature = Signature.getInstance(algorithm());
      signature.initSign(key);
      signature.update(SAMPLE);
      byte[] signed = signature.sign();
      signature.initVerify(chain.getFirst().getPublicKey());
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private String algorithm() {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "EdDSA";
    };
  }

  /** The host names it is for, in lower case; the common name if it has no others. */
  List<String> names() {
    var names = new ArrayList<String>();
    try {
      var alternatives = chain.getFirst().getSubjectAlternativeNames();
      if (alternatives != null) {
        for (var alternative : alternatives) {
          if (alternative.getFirst().equals(DNS_NAME)) {
            names.add(alternative.getLast().toString().toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException e) {
      throw new IllegalArgumentException("a certificate has names that cannot be read", e);
    }
    if (names.isEmpty()) {
      var common = COMMON_NAME.matcher(chain.getFirst().getSubjectX500Principal().getName());
      if (common.find()) {
        names.add(common.group(1).toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
