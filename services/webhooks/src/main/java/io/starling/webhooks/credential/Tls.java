package io.starling.webhooks.credential;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What TLS to an endpoint rests on: whose certificates are taken in place of the public
 * authorities', and which certificate is shown. Texts in PEM form; never prints its key.
 *
 * @param ca null for the public authorities
 * @param certificate with those that vouch for it behind it; null if none is shown
 * @param key PKCS 8, not encrypted; null if no certificate is shown
 */
public record Tls(@Nullable String ca, @Nullable String certificate, @Nullable String key) {
  private static final Pattern KEY =
      Pattern.compile("\\s*-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----\\s*");
  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.UTF_8);

  /** Kinds of keys, and how each signs. */
  private enum Algorithm {
    EC("SHA256withECDSA"),
    RSA("SHA256withRSA"),
    EdDSA("EdDSA");

    private final String signature;

    Algorithm(String signature) {
      this.signature = signature;
    }
  }

  /** Checks that it can be used, whenever. */
  public Tls {
    if (ca != null) {
      var _ = certificates("tls.ca", ca);
    }
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("tls.certificate and tls.key go together");
    }
    if (certificate != null && key != null) {
      checkPair(certificates("tls.certificate", certificate).getFirst(), key);
    }
  }

  private static List<X509Certificate> certificates(String name, String pem) {
    try {
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
      var all =
          CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!all.isEmpty() && pem.contains("-----BEGIN CERTIFICATE-----")) {
        return all;
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException(name + " is not a certificate in PEM form", e);
    }
    throw new IllegalArgumentException(name + " is not a certificate in PEM form");
  }

  private static void checkPair(X509Certificate certificate, String key) {
    String name = certificate.getPublicKey().getAlgorithm();
    for (var algorithm : Algorithm.values()) {
      if (algorithm.name().equals(name)) {
        if (!isPair(algorithm, certificate, read(algorithm, key))) {
          throw new IllegalArgumentException("tls.key is not the key of tls.certificate");
        }
        return;
      }
    }
    throw new IllegalArgumentException("tls.certificate has a key of a kind that is not supported");
  }

  private static PrivateKey read(Algorithm algorithm, String pem) {
    var matcher = KEY.matcher(pem);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "tls.key must be one key in PEM form that is not encrypted (BEGIN PRIVATE KEY)");
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(1));
      return KeyFactory.getInstance(algorithm.name())
          .generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("tls.key is not the key of tls.certificate", e);
    }
  }

  private static boolean isPair(Algorithm algorithm, X509Certificate certificate, PrivateKey key) {
    try {
      var signer = Signature.getInstance(algorithm.signature);
      signer.initSign(key);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      signer.initVerify(certificate.getPublicKey());
      signer.update(PROBE);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Refuses certificates that cannot be used at a time. */
  void checkAt(Instant now) {
    if (ca != null) {
      certificates("tls.ca", ca).forEach(one -> checkAt("tls.ca", one, now));
    }
    if (certificate != null) {
      checkAt("tls.certificate", certificates("tls.certificate", certificate).getFirst(), now);
    }
  }

  private static void checkAt(String name, X509Certificate certificate, Instant now) {
    var from = certificate.getNotBefore().toInstant();
    var until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      throw new IllegalArgumentException(name + " is not valid before " + from);
    }
    if (!now.isBefore(until)) {
      throw new IllegalArgumentException(name + " has expired at " + until);
    }
  }

  /** Puts it into the options of a client. */
  public void addTo(HttpClientOptions options) {
    if (ca != null) {
      options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(ca)));
    }
    if (certificate != null && key != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions()
              .setCertValue(Buffer.buffer(certificate))
              .setKeyValue(Buffer.buffer(key)));
    }
  }

  @Override
  public String toString() {
    return "Tls[ca: " + (ca != null) + ", certificate: " + (certificate != null) + "]";
  }
}
