package io.starling.connection.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What TLS handshakes begin with: a certificate for the name that is asked for. Immutable. */
public final class TlsContexts {
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** BoringSSL, where it is there. */
  private static final SslProvider PROVIDER =
      OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

  private final SslContext otherwise;
  private final Map<String, SslContext> byName = new HashMap<>();
  private final Instant expiresAt;

  private TlsContexts(List<Identity> identities, List<X509Certificate> authorities)
      throws SSLException {
    otherwise = context(identities.getFirst(), authorities);
    identities.getFirst().names().forEach(name -> byName.put(name, otherwise));
    for (var identity : identities.subList(1, identities.size())) {
      var context = context(identity, authorities);
      identity.names().forEach(name -> byName.putIfAbsent(name, context));
    }
    expiresAt =
        identities.stream()
            .map(identity -> identity.chain().getFirst().getNotAfter().toInstant())
            .min(Instant::compareTo)
            .orElse(Instant.MAX);
  }

  /**
   * Contexts for these certificates.
   *
   * @param identities at least one; the first is shown to whoever asks for no name, or for none of
   *     these
   * @param authorities whose certificates are taken from clients; with none of them, clients are
   *     not asked
   */
  static TlsContexts of(List<Identity> identities, List<X509Certificate> authorities) {
    try {
      return new TlsContexts(identities, authorities);
    } catch (SSLException e) {
      throw new IllegalArgumentException("a certificate cannot be used: " + e.getMessage(), e);
    }
  }

  private static SslContext context(Identity identity, List<X509Certificate> authorities)
      throws SSLException {
    var builder =
        SslContextBuilder.forServer(
                identity.key(), identity.chain().toArray(X509Certificate[]::new))
            .sslProvider(PROVIDER)
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
    return authorities.isEmpty()
        ? builder.build()
        : builder
            .trustManager(authorities.toArray(X509Certificate[]::new))
            .clientAuth(ClientAuth.OPTIONAL)
            .build();
  }

  /** The context for a host name, also by wildcard; null if the client did not say any. */
  public SslContext of(@Nullable String hostName) {
    if (hostName == null) {
      return otherwise;
    }
    String name = hostName.toLowerCase(Locale.ROOT);
    var exact = byName.get(name);
    if (exact != null) {
      return exact;
    }
    int dot = name.indexOf('.');
    return dot < 0 ? otherwise : byName.getOrDefault("*" + name.substring(dot), otherwise);
  }

  /** When the first of the certificates runs out. */
  public Instant expiresAt() {
    return expiresAt;
  }
}
