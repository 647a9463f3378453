package io.starling.webhooks.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.server.TestAuthority;
import io.starling.webhooks.connect.PrivateTargets;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints that rest on an authority of their own, and want to see a certificate. */
final class OwnTlsIT {
  private static final Attempt TAKEN = new Attempt.Delivered(200);

  private final Outside outside = new Outside(PrivateTargets.LOOPBACK);
  private final Queue<String> shown = new ConcurrentLinkedQueue<>();
  private final TestAuthority authority;
  private int port;

  OwnTlsIT(@TempDir Path folder) {
    authority = TestAuthority.make(folder);
  }

  @BeforeEach
  void serve() {
    var server = authority.issue("hooks.invalid");
    var options =
        new HttpServerOptions()
            .setSsl(true)
            .setClientAuth(ClientAuth.REQUIRED)
            .setTrustOptions(trust(authority.certificate()))
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(server.certificate()))
                    .setKeyValue(Buffer.buffer(server.key())));
    port = outside.serve(options, "127.0.0.1", 0, this::take);
    outside.resolves("127.0.0.1");
  }

  private static PemTrustOptions trust(String certificate) {
    return new PemTrustOptions().addCertValue(Buffer.buffer(certificate));
  }

  private void take(HttpServerRequest request) {
    try {
      var certificate = (X509Certificate) request.sslSession().getPeerCertificates()[0];
      shown.add(certificate.getSubjectX500Principal().getName());
    } catch (SSLPeerUnverifiedException e) {
      shown.add("nobody");
    }
    var _ = request.response().end();
  }

  @AfterEach
  void close() {
    outside.close();
  }

  private Attempt post(String host, JsonObject tls) {
    var hook = new JsonObject().put("url", "https://" + host + ":" + port + "/");
    return outside.post(Outside.hook(tls.isEmpty() ? hook : hook.put("tls", tls)), "{}").attempt();
  }

  @Test
  void showsItsCertificateToWhomItsAuthorityVouchesFor() {
    var client = authority.issue("client.invalid");
    var tls =
        new JsonObject()
            .put("ca", authority.certificate())
            .put("certificate", client.certificate())
            .put("key", client.key());
    assertThat(post("hooks.invalid", tls)).isEqualTo(TAKEN);
    assertThat(post("hooks.invalid", tls)).isEqualTo(TAKEN);
    assertThat(shown).containsExactly("CN=client.invalid", "CN=client.invalid");
    // The name counts, not the address: that is the same.
    assertThat(post("other.invalid", tls)).isInstanceOf(Attempt.Unavailable.class);
    var hook = Outside.hook(new JsonObject().put("url", "https://h/").put("tls", tls));
    assertThat(hook.credentials().toString()).doesNotContain("PRIVATE");
    assertThat(shown).hasSize(2);
  }

  @Test
  void isTakenByNobodyWithoutEither() {
    var client = authority.issue("client.invalid");
    assertThat(post("hooks.invalid", new JsonObject())).isInstanceOf(Attempt.Unavailable.class);
    assertThat(post("hooks.invalid", new JsonObject().put("ca", authority.certificate())))
        .isInstanceOf(Attempt.Unavailable.class);
    var unvouched =
        new JsonObject().put("certificate", client.certificate()).put("key", client.key());
    assertThat(post("hooks.invalid", unvouched)).isInstanceOf(Attempt.Unavailable.class);
    assertThat(shown).isEmpty();
  }
}
