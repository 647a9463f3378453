package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.api.document.ApiDocument;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitsIT {
  private static final String LOG_IN =
      "grant_type=password&client_id=particle&client_secret=particle&username=ada%40example.com"
          + "&password=";

  private static final Pattern SECRET_FIELD =
      Pattern.compile("\"(password|current_password|otp|claim_secret)\":");

  /**
   * Doors behind a token, where the accounts service counts the guesses of whom it is about:
   * UsersIT, MfaIT and CustomersIT there; at the last one a password is set, and none is tried.
   */
  private static final Set<String> COUNTED_BY_ACCOUNTS =
      Set.of(
          "PUT /v1/user",
          "DELETE /v1/user",
          "POST /v1/user/mfa-enable",
          "POST /v1/user/passkeys/options",
          "PUT /v1/user/mfa-disable",
          "POST /v1/devices",
          "PUT /v1/products/:product/customers/:email");

  private static Call.Reply as(Region region, String token, String path) {
    return region.anonymous("GET", path).header("Authorization", "Bearer " + token).send();
  }

  private static void assertTooMany(Call.Reply reply) {
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.text())
        .isEqualTo("{\"ok\":false,\"error\":\"Too many requests, try again later\"}");
    assertThat(reply.header("Content-Type")).hasValue("application/json; charset=utf-8");
    assertThat(Integer.parseInt(reply.header("Retry-After").orElseThrow())).isPositive();
  }

  @Test
  void limitsAnAddressAndTellsIt() {
    try (var region = Region.start(Map.of("STARLING_API_RATE_ADDRESS", "3/1h"))) {
      var first = region.anonymous("GET", "/v1/nope").send();
      assertThat(first.status()).isEqualTo(404);
      assertThat(first.header("RateLimit-Policy")).hasValue("\"address\";q=3;w=3600");
      assertThat(first.header("RateLimit")).hasValue("\"address\";r=2;t=1200");
      assertThat(first.header("X-RateLimit-Limit")).hasValue("3");
      assertThat(first.header("X-RateLimit-Remaining")).hasValue("2");
      long reset = Long.parseLong(first.header("X-RateLimit-Reset").orElseThrow());
      assertThat(reset - System.currentTimeMillis() / 1000).isBetween(1_190L, 1_201L);
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);
      assertThat(region.anonymous("PATCH", "/v1/user").send().status()).isEqualTo(405);

      for (String path : new String[] {"/v1/user", "/v1/nope", "/v1/devices/events"}) {
        var refused = region.call("GET", path).send();
        assertTooMany(refused);
        assertThat(refused.header("X-RateLimit-Remaining")).hasValue("0");
        assertThat(refused.header("Access-Control-Allow-Origin")).hasValue("*");
      }
      assertThat(region.anonymous("OPTIONS", "/v1/user").send().status()).isEqualTo(204);
    }
  }

  @Test
  void readsNoBodyOfWhoIsRefused() {
    try (var region = Region.start(Map.of("STARLING_API_RATE_ADDRESS", "1/1h"))) {
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);

      var reply =
          RawHttp.send(
              region,
              "POST /v1/devices/events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
              4_000);

      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.closed()).isTrue();
    }
  }

  @Test
  void countsTheAddressThatATrustedProxyTells() {
    try (var region =
        Region.start(
            Map.of("STARLING_API_RATE_ADDRESS", "1/1h", "STARLING_API_TRUST_PROXY", "true"))) {
      int[] statuses =
          java.util.stream.Stream.of(
                  "192.0.2.1",
                  "192.0.2.2",
                  "192.0.2.1",
                  "2001:db8::1",
                  "2001:db8::2",
                  "2001:db8:0:1::1")
              .mapToInt(
                  address ->
                      region
                          .call("GET", "/v1/user")
                          .header("X-Forwarded-For", address)
                          .send()
                          .status())
              .toArray();

      assertThat(statuses).containsExactly(200, 200, 429, 200, 429, 200);
    }
  }

  @Test
  void believesNobodyWhoNamesAnotherAddress() {
    try (var region = Region.start(Map.of("STARLING_API_RATE_ADDRESS", "1/1h"))) {
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);

      assertTooMany(region.call("GET", "/v1/user").header("X-Forwarded-For", "192.0.2.77").send());
    }
  }

  @Test
  void limitsATokenAndNoOther() {
    try (var region = Region.start(Map.of("STARLING_API_RATE_TOKEN", "2/1h"))) {
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);
      var last = region.call("GET", "/v1/user").send();
      assertThat(last.header("RateLimit").orElseThrow()).contains("\"token\";r=0;t=3600");
      assertThat(last.header("X-RateLimit-Limit")).hasValue("2");

      assertTooMany(region.call("GET", "/v1/user").send());
      assertThat(as(region, Region.OTHER_TOKEN, "/v1/user").status()).isEqualTo(200);
    }
  }

  @Test
  void limitsAnAccountWhateverItsTokens() {
    try (var region = Region.start(Map.of("STARLING_API_RATE_ACCOUNT", "2/1h"))) {
      String second = "f".repeat(40);
      region.rows.token(region.person, second, null);
      Region.done(region.directory.reached(region.rows.end(), java.time.Duration.ofSeconds(30)));

      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);
      assertThat(as(region, second, "/v1/user").status()).isEqualTo(200);
      assertTooMany(as(region, second, "/v1/user"));
      assertThat(as(region, Region.OTHER_TOKEN, "/v1/user").status()).isEqualTo(200);
    }
  }

  @Test
  void countsOverAllInstances() {
    try (var region = Region.start(Map.of("STARLING_API_RATE_ADDRESS", "4/1h"), 2)) {
      int passed = 0;
      for (int i = 0; i < 12; i++) {
        var reply =
            RawHttp.send(region, "GET /v1/nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        passed += reply.status() == 404 ? 1 : 0;
      }

      assertThat(passed).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LOGIN, POST, /oauth/token, login",
    "PEOPLE, POST, /v1/users, sign-up",
    "PEOPLE, DELETE, /v1/user, user-delete",
    "PEOPLE, GET, /v1/access_tokens, tokens",
    "PEOPLE, DELETE, /v1/access_tokens/abc, tokens",
    "PEOPLE, POST, /v1/user/password-reset, password-reset",
    "SERIAL, GET, /v1/serial_numbers/abc, serial",
  })
  void limitsWhatIsSeldomAskedForMore(String setting, String method, String path, String name) {
    try (var region = Region.start(Map.of("STARLING_API_RATE_" + setting, "1/1h"))) {
      var first = region.call(method, path).send();
      assertThat(first.status()).isNotEqualTo(429);
      assertThat(first.header("RateLimit").orElseThrow()).contains("\"" + name + "\";r=0;t=3600");

      assertTooMany(region.call(method, path).send());
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"/v1/devices/events", "/v1/devices/kitchen/events/a", "/v1/products/77/events"})
  void limitsHowOftenStreamsAreBegun(String path) {
    try (var region = Region.start(Map.of("STARLING_API_RATE_STREAMS", "1/1h"))) {
      try (var open = Listener.open(region, path)) {
        assertThat(open.status()).isEqualTo(200);
        try (var second = Listener.open(region, "/v1/devices/events")) {
          assertThat(second.status()).isEqualTo(429);
        }
      }
    }
  }

  @Test
  void hearsNobodyWhoFailsTooOftenInARow() {
    try (var region = Region.start(Map.of("STARLING_API_MAX_FAILURES", "3"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(region.anonymous("POST", "/oauth/token").form(LOG_IN + "wrong").status())
            .isEqualTo(400);
      }

      var refused = region.anonymous("POST", "/oauth/token").form(LOG_IN + "correct+horse");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.json().getString("error"))
          .isEqualTo("Too many failed attempts, try again later");
      assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow()))
          .isBetween(1_700, 1_800);
      assertThat(region.anonymous("GET", "/v1/access_tokens").send().status()).isEqualTo(429);
      assertThat(region.call("GET", "/v1/user").send().status()).isEqualTo(200);
    }
  }

  @Test
  void countsWrongClientsAsFailuresAndIncompleteRequestsNot() {
    try (var region = Region.start(Map.of("STARLING_API_MAX_FAILURES", "2"))) {
      for (int i = 0; i < 5; i++) {
        String incomplete = "grant_type=password&client_id=particle&client_secret=particle";
        assertThat(region.anonymous("POST", "/oauth/token").form(incomplete).status())
            .isEqualTo(400);
      }
      for (int i = 0; i < 2; i++) {
        assertThat(region.anonymous("POST", "/oauth/token").form("client_id=x").status())
            .isEqualTo(400);
      }

      assertThat(region.anonymous("POST", "/oauth/token").form("client_id=x").status())
          .isEqualTo(429);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/oauth/token",
        "/oauth/revoke",
        "/oauth/introspect",
        "/oauth/device_authorization",
        "/v1/products/77/customers",
        "/v1/products/77/customers/reset_password"
      })
  void countsWrongSecretsOfClientsAtEveryDoorAsOneRow(String path) {
    String wrong = "client_id=made&client_secret=guess&token=t&email=a%40b.example";
    try (var region = Region.start(Map.of("STARLING_API_MAX_FAILURES", "2"))) {
      assertThat(region.anonymous("POST", path).form(wrong).status()).isEqualTo(400);
      assertThat(region.anonymous("POST", "/oauth/token").form(LOG_IN + "wrong").status())
          .isEqualTo(400);

      assertThat(region.anonymous("POST", path).form(wrong).status()).isEqualTo(429);
      assertThat(region.anonymous("POST", "/oauth/token").form(LOG_IN + "correct+horse").status())
          .isEqualTo(429);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/oauth/revoke", "/oauth/device_authorization"})
  void whatAnybodyGetsRightEndsNoRow(String path) {
    try (var region = Region.start(Map.of("STARLING_API_MAX_FAILURES", "2"))) {
      assertThat(region.anonymous("POST", "/oauth/token").form(LOG_IN + "wrong").status())
          .isEqualTo(400);
      var easy = region.anonymous("POST", path).form("client_id=particle-cli&token=t");
      assertThat(easy.status()).isEqualTo(200);
      assertThat(region.anonymous("POST", "/oauth/token").form(LOG_IN + "wrong").status())
          .isEqualTo(400);

      assertThat(region.anonymous("POST", "/oauth/token").form(LOG_IN + "wrong").status())
          .isEqualTo(429);
    }
  }

  @Test
  void whoGuessesTokensIsHeardNoMoreOftenThanItsAddressIs() {
    try (var region = Region.start(Map.of("STARLING_API_RATE_ADDRESS", "3/1h"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(as(region, "%040x".formatted(0xbad + i), "/v1/user").status()).isEqualTo(401);
      }
      assertTooMany(as(region, "%040x".formatted(0xbad), "/v1/user"));
    }
  }

  /** Whoever adds a route that anybody may ask, or that takes a secret, decides how often. */
  @Test
  void everyDoorHasALimit() {
    try (var region = Region.start()) {
      var document = new ApiDocument(region.api.routes());
      var open = new TreeSet<String>();
      var secrets = new TreeSet<String>();
      for (var route : region.api.routes()) {
        String name = route.method() + " " + route.pattern();
        String body =
            String.valueOf(document.operation(route).orElseThrow().getJsonObject("requestBody"));
        if (route.scope() == null && !route.method().equals("GET")) {
          open.add(name);
        } else if (SECRET_FIELD.matcher(body).find()) {
          secrets.add(name);
        }
      }
      open.removeAll(RatesConfig.SECRETS);
      open.removeAll(RatesConfig.SELDOM_ASKED);
      assertThat(open).isEmpty();
      assertThat(secrets).isEqualTo(COUNTED_BY_ACCOUNTS);
    }
  }

  @Test
  void hearsWhoKnowsHisPasswordAtLast() {
    try (var region = Region.start(Map.of("STARLING_API_MAX_FAILURES", "2"))) {
      for (int i = 0; i < 4; i++) {
        assertThat(region.anonymous("POST", "/oauth/token").form(LOG_IN + "wrong").status())
            .isEqualTo(400);
        assertThat(region.anonymous("POST", "/oauth/token").form(LOG_IN + "correct+horse").status())
            .isEqualTo(200);
      }
    }
  }

  @Test
  void namesOnlyRoutesThatThereAre() {
    try (var region = Region.start()) {
      var routes =
          region.api.routes().stream()
              .map(route -> route.method() + " " + route.pattern())
              .toList();

      assertThat(routes).containsAll(RatesConfig.SECRETS).containsAll(RatesConfig.SELDOM_ASKED);
    }
  }
}
