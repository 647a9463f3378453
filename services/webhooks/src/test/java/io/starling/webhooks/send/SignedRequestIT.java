package io.starling.webhooks.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.starling.contract.IntegrationId;
import io.starling.contract.SigningKind;
import io.starling.directory.SigningKey;
import io.starling.directory.SigningSecret;
import io.starling.webhooks.connect.PrivateTargets;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signatures as those who check them see them, on real requests. */
final class SignedRequestIT {
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private final Outside outside = new Outside(PrivateTargets.LOOPBACK);
  private final List<Came> came = Collections.synchronizedList(new ArrayList<>());
  private final String url = "http://127.0.0.1:" + outside.serve("127.0.0.1", 0, this::take) + "/";

  /** A request as the endpoint saw it. */
  private record Came(Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    List<String> signatures() {
      return List.of(header("webhook-signature").split(" "));
    }
  }

  private void take(HttpServerRequest request) {
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    request.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    var _ =
        request
            .body()
            .onSuccess(
                body -> {
                  came.add(new Came(headers, body.toString()));
                  var _ = request.response().end();
                });
  }

  @AfterEach
  void close() {
    outside.close();
  }

  private static SigningKey key(SigningSecret secret, SigningKind kind, @Nullable Instant until) {
    String id = IntegrationId.create().toString();
    return new SigningKey(id, IntegrationId.of(id), kind, secret, Instant.EPOCH, until);
  }

  private Came post(String data, SigningKey... keys) {
    outside.sign(List.of(keys));
    assertThat(outside.post(Outside.hook(url), data).attempt())
        .isEqualTo(new Attempt.Delivered(200));
    return came.getLast();
  }

  @Test
  void isVerifiedByThePublishedLibrary() {
    var secret = SigningSecret.create(SigningKind.V1);
    var request = post("{\"é\":1}", key(secret, SigningKind.V1, null));
    assertThat(request.header("webhook-id")).isEqualTo("delivery-1");
    assertThatCode(() -> new Webhook(secret.text()).verify(request.body(), request.headers()))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new Webhook(secret.text()).verify("other", request.headers()))
        .isInstanceOf(WebhookVerificationException.class);
    var other = SigningSecret.create(SigningKind.V1);
    assertThatThrownBy(() -> new Webhook(other.text()).verify(request.body(), request.headers()))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void isVerifiedByThePublicKeyAlone() throws Exception {
    var secret = SigningSecret.create(SigningKind.V1A);
    var request = post("{}", key(secret, SigningKind.V1A, null));
    assertThat(request.signatures()).singleElement().asString().startsWith("v1a,");
    assertThat(verifies(secret, request, request.body())).isTrue();
    assertThat(verifies(secret, request, request.body() + " ")).isFalse();
  }

  private static boolean verifies(SigningSecret secret, Came request, String body)
      throws Exception {
    String told = secret.publicKey().orElseThrow().substring("whpk_".length());
    byte[] encoded = new byte[X509_HEAD.length + 32];
    System.arraycopy(X509_HEAD, 0, encoded, 0, X509_HEAD.length);
    System.arraycopy(Base64.getDecoder().decode(told), 0, encoded, X509_HEAD.length, 32);
    var verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    String content =
        request.header("webhook-id") + "." + request.header("webhook-timestamp") + "." + body;
    verifier.update(content.getBytes(StandardCharsets.UTF_8));
    String signature = request.signatures().getFirst().substring("v1a,".length());
    return verifier.verify(Base64.getDecoder().decode(signature));
  }

  @Test
  void signsByEveryLiveKeySoThatEitherSideMayChangeFirst() {
    var old = SigningSecret.create(SigningKind.V1);
    var fresh = SigningSecret.create(SigningKind.V1);
    var gone = SigningSecret.create(SigningKind.V1);
    var request =
        post(
            "{}",
            key(gone, SigningKind.V1, Instant.now().minusSeconds(1)),
            key(old, SigningKind.V1, Instant.now().plusSeconds(3600)),
            key(SigningSecret.create(SigningKind.V1A), SigningKind.V1A, null),
            key(fresh, SigningKind.V1, null));
    assertThat(request.signatures())
        .extracting(signature -> signature.substring(0, signature.indexOf(',')))
        .containsExactly("v1", "v1a", "v1");
    for (var secret : List.of(old, fresh)) {
      assertThatCode(() -> new Webhook(secret.text()).verify(request.body(), request.headers()))
          .doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> new Webhook(gone.text()).verify(request.body(), request.headers()))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void signsARepeatedAttemptAnewWithTheSameId() {
    var secret = SigningSecret.create(SigningKind.V1);
    var key = key(secret, SigningKind.V1, null);
    outside.at(Instant.now().minusSeconds(120));
    var first = post("{}", key);
    outside.at(Instant.now());
    var second = post("{}", key);
    assertThat(second.header("webhook-id")).isEqualTo(first.header("webhook-id"));
    assertThat(Long.parseLong(second.header("webhook-timestamp")))
        .isBetween(
            Long.parseLong(first.header("webhook-timestamp")) + 120,
            Long.parseLong(first.header("webhook-timestamp")) + 140);
    assertThat(second.signatures()).isNotEqualTo(first.signatures());
    assertThatCode(() -> new Webhook(secret.text()).verify(second.body(), second.headers()))
        .doesNotThrowAnyException();
  }

  @Test
  void isUnsignedWithoutAKeyAndLetsNobodyElseSaySo() {
    var headers = new JsonObject().put("Webhook-Signature", "v1,forged");
    outside.sign(List.of());
    var hook = Outside.hook(new JsonObject().put("url", url).put("headers", headers));
    assertThat(outside.post(hook, "{}").attempt()).isEqualTo(new Attempt.Delivered(200));
    assertThat(came.getLast().headers()).doesNotContainKey("webhook-signature");
  }
}
