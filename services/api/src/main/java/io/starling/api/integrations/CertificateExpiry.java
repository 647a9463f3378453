package io.starling.api.integrations;

import io.starling.http.Timestamps;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** When the certificate that an integration shows runs out, told beside it. */
final class CertificateExpiry {
  private static final String TLS = "tls";
  private static final String EXPIRES_AT = "expires_at";

  private CertificateExpiry() {}

  /** Puts it in, in place of what stands there. */
  static void addTo(JsonObject shown) {
    removeFrom(shown);
    if (shown.getValue(TLS) instanceof JsonObject tls
        && tls.getValue("certificate") instanceof String pem) {
      try {
        var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
        var certificates = CertificateFactory.getInstance("X.509").generateCertificates(bytes);
        if (!certificates.isEmpty()) {
          var first = (X509Certificate) certificates.iterator().next();
          tls.put(EXPIRES_AT, Timestamps.of(first.getNotAfter().toInstant()));
        }
      } catch (CertificateException _) {
        // It was readable when it was saved; there is nothing to tell of it now.
      }
    }
  }

  /** Takes it out of what is saved. */
  static void removeFrom(JsonObject sent) {
    if (sent.getValue(TLS) instanceof JsonObject tls) {
      tls.remove(EXPIRES_AT);
    }
  }
}
