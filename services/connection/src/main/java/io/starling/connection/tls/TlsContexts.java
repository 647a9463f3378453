package io.starling.connection.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.starling.connection.authority.ClientTrust;
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

  private final ClientTrust trust;
  private final Pair otherwise;
  private final Map<String, Pair> byName = new HashMap<>();
  private final Instant expiresAt;

  /** What one certificate is shown with: for clients that are asked for theirs, and for others. */
  private record Pair(SslContext asking, SslContext silent) {}

  private TlsContexts(List<Identity> identities, ClientTrust trust) throws SSLException {
    this.trust = trust;
    otherwise = pair(identities.getFirst(), trust);
    identities.getFirst().names().forEach(name -> byName.put(name, otherwise));
    for (var identity : identities.subList(1, identities.size())) {
      var pair = pair(identity, trust);
      identity.names().forEach(name -> byName.putIfAbsent(name, pair));
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
   * @param trust whose certificates are taken from clients; while it has no authority, clients are
   *     not asked
   */
  static TlsContexts of(List<Identity> identities, ClientTrust trust) {
    try {
      return new TlsContexts(identities, trust);
    } catch (SSLException e) {
      throw new IllegalArgumentException("a certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Tries a certificate.
   *
   * @throws IllegalArgumentException if it cannot be used, with a text to show
   */
  static void check(Identity identity) {
    try {
      var _ = builder(identity).build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("a certificate cannot be used: " + e.getMessage(), e);
    }
  }

  private static Pair pair(Identity identity, ClientTrust trust) throws SSLException {
    return new Pair(
        builder(identity).trustManager(trust).clientAuth(ClientAuth.OPTIONAL).build(),
        builder(identity).build());
  }

  private static SslContextBuilder builder(Identity identity) {
    return SslContextBuilder.forServer(
            identity.key(), identity.chain().toArray(X509Certificate[]::new))
        .sslProvider(PROVIDER)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
  }

  /** The context for a host name, also by wildcard; null if the client did not say any. */
  public SslContext of(@Nullable String hostName) {
    var pair = pair(hostName);
    return trust.isEmpty() ? pair.silent() : pair.asking();
  }

  private Pair pair(@Nullable String hostName) {
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
