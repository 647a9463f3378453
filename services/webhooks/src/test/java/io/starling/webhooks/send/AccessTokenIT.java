package io.starling.webhooks.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.webhooks.connect.PrivateTargets;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Endpoints that want an access token, and the server that gives them. */
final class AccessTokenIT {
  private static final Attempt TAKEN = new Attempt.Delivered(200);

  private final Outside outside = new Outside(PrivateTargets.LOOPBACK);
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> shown = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final int tokens = outside.serve("127.0.0.1", 0, this::grant);
  private final int port = outside.serve("127.0.0.1", 0, this::take);
  private volatile int status = 200;
  private volatile long seconds = 3600;

  private void grant(HttpServerRequest request) {
    var _ =
        request
            .body()
            .onSuccess(
                body -> {
                  asked.add(request.getHeader("authorization") + " " + body);
                  var json =
                      status == 200
                          ? new JsonObject()
                              .put("access_token", "token-" + asked.size())
                              .put("token_type", "Bearer")
                              .put("expires_in", seconds)
                          : new JsonObject().put("error", "invalid_client");
                  var _ = request.response().setStatusCode(status).end(json.encode());
                });
  }

  private void take(HttpServerRequest request) {
    String token = String.valueOf(request.getHeader("authorization"));
    shown.add(token);
    var _ = request.response().setStatusCode(refused.contains(token) ? 401 : 200).end(token);
  }

  @AfterEach
  void close() {
    outside.close();
  }

  private JsonObject oauth2() {
    return new JsonObject()
        .put("tokenUrl", "http://127.0.0.1:" + tokens + "/token")
        .put("clientId", "my id")
        .put("clientSecret", "s3cret&")
        .put("scope", "a b");
  }

  private JsonObject hook(JsonObject oauth2) {
    return new JsonObject().put("url", "http://127.0.0.1:" + port + "/").put("oauth2", oauth2);
  }

  @Test
  void getsOneTokenForAllThatWait() {
    var attempts = outside.post(Outside.hook(hook(oauth2())), 12);
    assertThat(attempts).hasSize(12).containsOnly(TAKEN);
    String pair =
        Base64.getEncoder().encodeToString("my+id:s3cret%26".getBytes(StandardCharsets.UTF_8));
    assertThat(asked).containsExactly("Basic " + pair + " grant_type=client_credentials&scope=a+b");
    assertThat(shown).hasSize(12).containsOnly("Bearer token-1");
  }

  @Test
  void sendsIdAndSecretInTheBodyWhereThatIsWanted() {
    var oauth2 = oauth2().put("authentication", "body").put("audience", "https://api");
    assertThat(outside.post(Outside.hook(hook(oauth2)), "{}").attempt()).isEqualTo(TAKEN);
    assertThat(asked)
        .containsExactly(
            "null grant_type=client_credentials&scope=a+b&audience=https%3A%2F%2Fapi"
                + "&client_id=my+id&client_secret=s3cret%26");
  }

  @Test
  void getsAnotherOneOnceWhenItIsRefused() {
    refused.add("Bearer token-1");
    var hook = Outside.hook(hook(oauth2()));
    assertThat(outside.post(hook, "{}").attempt()).isEqualTo(TAKEN);
    assertThat(shown).containsExactly("Bearer token-1", "Bearer token-2");
    refused.add("Bearer token-2");
    // Who refuses every token does not make us ask for one each time.
    for (int i = 0; i < 5; i++) {
      assertThat(outside.post(hook, "{}").attempt()).isEqualTo(new Attempt.Refused(401));
    }
    assertThat(asked).hasSize(2);
  }

  @Test
  void isNotKeptOfAnAnswerThatEchoesIt() {
    var talk = outside.post(Outside.hook(hook(oauth2())), "{}").talk();
    assertThat(talk.excerpt().toString()).isNotEmpty().doesNotContain("token-1");
  }

  @Test
  void usesNoneThatHasExpired() {
    seconds = 0;
    var hook = Outside.hook(hook(oauth2()));
    for (int i = 0; i < 2; i++) {
      assertThat(outside.post(hook, "{}").attempt()).isEqualTo(TAKEN);
    }
    assertThat(shown).containsExactly("Bearer token-1", "Bearer token-2");
  }

  @Test
  void saysWhyThereIsNoTokenAndTriesAgainLater() {
    status = 401;
    var hook = Outside.hook(hook(oauth2()));
    var attempts = outside.post(hook, 6);
    assertThat(attempts)
        .containsOnly(
            new Attempt.Unavailable(
                "no access token: 127.0.0.1 answered 401 (invalid_client)", null));
    assertThat(asked).hasSize(1);
    assertThat(shown).isEmpty();
  }

  @Test
  void asksForTokensWhereEndpointsMayBeOnly() {
    var oauth2 = oauth2().put("tokenUrl", "http://10.0.0.1/token");
    assertThat(outside.post(Outside.hook(hook(oauth2)), "{}").attempt())
        .isEqualTo(
            new Attempt.Unavailable(
                "no access token: oauth2.tokenUrl leads to a private address", null));
  }
}
