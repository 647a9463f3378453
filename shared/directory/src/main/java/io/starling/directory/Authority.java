package io.starling.directory;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A certificate that signs those of devices. What it vouches for is looked at by PKIX (RFC 5280)
 * with this one certificate as the anchor, and without asking anybody: devices are locked out in
 * the directory. Immutable; checking a chain costs a signature or two.
 */
public record Authority(X509Certificate certificate) {
  /** The longest text that is read. */
  public static final int MAX_PEM = 16 << 10;

  /** A device's certificate and those between it and the authority. */
  private static final int MAX_CHAIN = 4;

  private static final Pattern PEM =
      Pattern.compile("\\s*-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----\\s*");
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int SIGNS_CERTIFICATES = 5;
  private static final String NAME_CONSTRAINTS = "2.5.29.30";
  private static final List<String> FOR_CLIENTS = List.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

  /**
   * Reads one certificate in PEM form.
   *
   * @throws IllegalArgumentException if it is none, with a text to show
   */
  public static X509Certificate read(String pem) {
    var found = PEM.matcher(pem.length() > MAX_PEM ? "" : pem);
    if (!found.matches()) {
      throw new IllegalArgumentException("must be one certificate in PEM form");
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(found.group(1));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes));
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IllegalArgumentException("is a certificate that cannot be read", e);
    }
  }

  /**
   * A certificate as an authority.
   *
   * @throws IllegalArgumentException if it may not sign certificates now, with a text to show
   */
  public static Authority of(X509Certificate certificate, Instant now) {
    if (certificate.getBasicConstraints() < 0) {
      throw new IllegalArgumentException("is not the certificate of an authority (CA:TRUE)");
    }
    boolean[] usage = certificate.getKeyUsage();
    if (usage != null && !usage[SIGNS_CERTIFICATES]) {
      throw new IllegalArgumentException("may not sign certificates (keyCertSign)");
    }
    if (certificate.getExtensionValue(NAME_CONSTRAINTS) != null) {
      throw new IllegalArgumentException("has name constraints, which are not looked at");
    }
    if (!isValid(certificate, now)) {
      throw new IllegalArgumentException("is not valid yet, or no longer");
    }
    return new Authority(certificate);
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && now.isBefore(certificate.getNotAfter().toInstant());
  }

  /** SHA-256 of the certificate in hexadecimal digits. */
  public String fingerprint() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException | CertificateException e) {
      throw new IllegalStateException("a certificate that was read can be hashed", e);
    }
  }

  /** In PEM form. */
  public String pem() {
    try {
      String text =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }

  /** When it runs out. */
  public Instant expiresAt() {
    return certificate.getNotAfter().toInstant();
  }

  /**
   * Tells whether a client's certificate rests on this authority: each certificate of the chain
   * signed by the next one and the last one by the authority, all of them valid now and none but
   * those of authorities having signed any, and the first one a client's.
   *
   * @param shown as the client has sent it, its own first; what stands behind the one that the
   *     authority has signed does not matter
   */
  public boolean vouchesFor(List<X509Certificate> shown, Instant now) {
    for (int length = 1; length <= Math.min(shown.size(), MAX_CHAIN); length++) {
      var last = shown.get(length - 1);
      if (last.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())
          && vouchesForAll(shown.subList(0, length), now)) {
        return true;
      }
    }
    return false;
  }

  private boolean vouchesForAll(List<X509Certificate> chain, Instant now) {
    // The anchor's own limits are not PKIX's business, but the authority's.
    return isValid(certificate, now)
        && chain.size() - 1 <= certificate.getBasicConstraints()
        && isForClients(chain.getFirst())
        && isSigned(chain, now);
  }

  private static boolean isForClients(X509Certificate leaf) {
    try {
      boolean[] usage = leaf.getKeyUsage();
      var purposes = leaf.getExtendedKeyUsage();
      return leaf.getBasicConstraints() < 0
          && (usage == null || usage[DIGITAL_SIGNATURE])
          && (purposes == null || purposes.stream().anyMatch(FOR_CLIENTS::contains));
    } catch (CertificateException e) {
      return false;
    }
  }

  private boolean isSigned(List<X509Certificate> chain, Instant now) {
    try {
      var parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      return CertPathValidator.getInstance("PKIX").validate(path, parameters) != null;
    } catch (CertPathValidatorException | CertificateException e) {
      return false;
    } catch (InvalidAlgorithmParameterException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has PKIX", e);
    }
  }

  /**
   * Tells whether a certificate shows that whoever sent it has the key of this authority: signed by
   * it, and for a name that nobody else has a use for.
   */
  public boolean isProvenBy(X509Certificate proof, String commonName) {
    try {
      proof.verify(certificate.getPublicKey());
      return CommonName.of(proof).filter(commonName::equals).isPresent();
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
