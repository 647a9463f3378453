package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputIT {
  private static Region region;

  @BeforeAll
  static void start() {
    region = Region.start(Map.of("STARLING_API_MAX_BODY", "64KiB"));
  }

  @AfterAll
  static void stop() {
    region.close();
  }

  private static String head(String line, String... headers) {
    return line
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + Region.TOKEN
        + "\r\n"
        + String.join("\r\n", headers)
        + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
  }

  @Test
  void answersUnknownPathsInJson() {
    for (String path : new String[] {"/", "/v2/devices", "/v1", "/v1/nope", "/favicon.ico", "//"}) {
      var reply = region.anonymous("GET", path).send();
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.text()).isEqualTo("{\"ok\":false,\"error\":\"Not found\"}");
      assertThat(reply.header("Content-Type")).hasValue("application/json; charset=utf-8");
    }
  }

  @Test
  void answersWrongMethodsInJson() {
    var reply = region.anonymous("PATCH", "/v1/user").send();

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).hasValue("DELETE, GET, PUT");
    assertThat(reply.text()).isEqualTo("{\"ok\":false,\"error\":\"Method not allowed\"}");
    assertThat(region.anonymous("PATCH", "/v1/devices/events").send().status()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "nope", "[1,2]", "\"text\"", "{\"name\":}", "{\"a\":1}{", "\u0000", "null"})
  void refusesBodiesThatAreNoJsonObject(String body) {
    var reply = region.call("POST", "/v1/devices/events").raw("application/json", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getBoolean("ok")).isFalse();
    assertThat(reply.text()).doesNotContain("Exception").doesNotContain("io.");
  }

  @Test
  void refusesJsonThatIsNestedTooDeeply() {
    String deep = "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000);

    assertThat(region.call("POST", "/v1/webhooks").raw("application/json", deep).status())
        .isEqualTo(400);
  }

  @Test
  void refusesFormsWithBrokenEscapes() {
    assertThat(region.call("POST", "/v1/devices/events").form("name=%zz").status()).isEqualTo(400);
  }

  @Test
  void takesJsonThatClaimsToBeAForm() {
    assertThat(region.call("POST", "/v1/devices/events").form("{\"name\":\"a\"}").status())
        .isEqualTo(200);
  }

  @Test
  void refusesMultipart() {
    var reply = region.call("POST", "/v1/devices/events").raw("multipart/form-data", "x");

    assertThat(reply.status()).isEqualTo(415);
    assertThat(reply.json().getBoolean("ok")).isFalse();
  }

  @Test
  void refusesBodiesThatAreTooLarge() {
    var told =
        region
            .call("POST", "/v1/devices/events")
            .json(new JsonObject().put("name", "a").put("data", "x".repeat(70_000)));
    var chunked =
        RawHttp.send(
            region,
            head("POST /v1/devices/events", "Transfer-Encoding: chunked")
                + "11170\r\n"
                + "x".repeat(70_000)
                + "\r\n",
            10_000);

    assertThat(told.status()).isEqualTo(413);
    assertThat(told.json().getString("error")).isEqualTo("Request body too large");
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.closed()).isTrue();
  }

  @Test
  void keepsAConnectionUsableAfterRefusingItsBodies() {
    // This client speaks HTTP/2: what nobody reads of a body must not use its window up.
    for (int i = 0; i < 5; i++) {
      assertThat(
              region
                  .call("POST", "/v1/devices/events")
                  .json(new JsonObject().put("name", "a").put("data", "x".repeat(200_000)))
                  .status())
          .isEqualTo(413);
      assertThat(
              region
                  .call("POST", "/v1/devices/events")
                  .json(new JsonObject().put("name", "a").put("data", "x".repeat(16_000)))
                  .status())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/devices/%zz",
        "/v1/devices/%",
        "/v1/devices/%e",
        "/v1/devices/events/%zz",
        "/v1/devices/%ff%fe"
      })
  void refusesPathsWithBrokenEscapes(String path) {
    var reply = RawHttp.send(region, head("GET " + path, "Connection: close"));

    assertThat(reply.status()).isIn(400, 403);
    assertThat(reply.json().getString("error")).isNotEmpty();
    assertThat(reply.text()).doesNotContain("Exception");
  }

  @Test
  void refusesQueriesWithBrokenEscapes() {
    var reply =
        RawHttp.send(
            region,
            "GET /v1/user?access_token=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getString("error")).isNotEmpty();
  }

  @Test
  void refusesHeadsThatAreTooLong() {
    var line = RawHttp.send(region, head("GET /v1/user?x=" + "y".repeat(9_000)));
    var header = RawHttp.send(region, head("GET /v1/user", "X-Long: " + "y".repeat(17_000)));

    assertThat(line.status()).isEqualTo(414);
    assertThat(line.json().getBoolean("ok")).isFalse();
    assertThat(line.closed()).isTrue();
    assertThat(header.status()).isEqualTo(431);
    assertThat(header.closed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense\r\n\r\n", "GET\r\n\r\n", "\u0016\u0003\u0001\r\n\r\n"})
  void hangsUpOnWhatIsNoHttp(String bytes) {
    var reply = RawHttp.send(region, bytes);

    assertThat(reply.closed()).isTrue();
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getBoolean("ok")).isFalse();
  }

  @Test
  void decodesNamesOnce() {
    region.rows.device(io.starling.contract.DeviceId.create(), region.person, 0, "50%25 \u00e4/b");
    Region.done(region.directory.reached(region.rows.end(), java.time.Duration.ofSeconds(30)));

    var reply = region.call("GET", "/v1/devices/50%2525%20%C3%A4%2Fb").send();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getString("name")).isEqualTo("50%25 \u00e4/b");
  }

  @Test
  void letsPagesOfAnyOriginAsk() {
    var preflight =
        region.anonymous("OPTIONS", "/v1/devices").header("Origin", "https://a.b").send();

    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(preflight.header("Access-Control-Allow-Headers"))
        .hasValue("Authorization, Content-Type, Accept, X-Particle-Tool, X-Particle-Project");
    assertThat(preflight.header("Access-Control-Allow-Methods"))
        .hasValue("GET, HEAD, POST, PUT, PATCH, DELETE");
    assertThat(preflight.header("Access-Control-Max-Age")).hasValue("86400");
    assertThat(preflight.text()).isEmpty();
    assertThat(region.anonymous("GET", "/v1/nope").send().header("Access-Control-Allow-Origin"))
        .hasValue("*");
  }

  @Test
  void showsPagesOfAnyOriginWhatTheyMayDo() {
    var reply = region.call("GET", "/v1/user").header("Origin", "https://a.b").send();

    assertThat(reply.header("Access-Control-Expose-Headers"))
        .hasValue(
            "Retry-After, RateLimit, RateLimit-Policy, X-RateLimit-Limit, X-RateLimit-Remaining,"
                + " X-RateLimit-Reset");
  }

  @Test
  void neverWorksForACookieOrInItsName() {
    var preflight =
        region.anonymous("OPTIONS", "/v1/devices").header("Origin", "https://a.b").send();
    var cookie =
        region
            .anonymous("GET", "/v1/user")
            .header("Origin", "https://a.b")
            .header("Cookie", "access_token=" + Region.TOKEN)
            .send();

    assertThat(cookie.status()).isEqualTo(400);
    for (var reply : java.util.List.of(preflight, cookie, region.call("GET", "/v1/user").send())) {
      assertThat(reply.header("Access-Control-Allow-Credentials")).isEmpty();
      assertThat(reply.header("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void metersByRouteAndNotByPath() {
    var _ = region.call("GET", "/v1/devices/kitchen").send();
    var _ = region.call("GET", "/v1/secret-path").send();

    var timer =
        region
            .meters
            .get("starling.http.requests")
            .tag("route", "/v1/devices/:device")
            .tag("method", "GET")
            .tag("status", "2xx")
            .timer();
    assertThat(timer.count()).isPositive();
    assertThat(region.meters.getMeters().toString()).doesNotContain("secret-path");
  }

  @Test
  void tellsItsHealth() {
    assertThat(region.health.look())
        .hasEntrySatisfying(
            "api-0",
            part ->
                assertThat(part.status()).isEqualTo(io.starling.bootstrap.health.Health.Status.UP));
  }
}
