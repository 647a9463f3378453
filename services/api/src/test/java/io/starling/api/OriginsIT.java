package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.api.document.ApiDocument;
import io.starling.http.Endpoints;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pages of other origins may do to this server by way of a browser: of every route. */
class OriginsIT {
  private static final String FOREIGN = "https://evil.example";

  private static final String NOBODYS = "0bad".repeat(10);

  private static Region region;

  @BeforeAll
  static void start() {
    region = Region.start();
  }

  @AfterAll
  static void stop() {
    region.close();
  }

  private static String path(Endpoints.Route route) {
    return route
        .pattern()
        .replace(":product", "77")
        .replace(":device", region.offline.toString())
        .replaceAll(":[a-z_]+", "thing")
        .replace("*", "x");
  }

  /** The head of what is answered; also of a stream. */
  private static HttpResponse<?> ask(String method, String path, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(region.url(path)))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Origin", FOREIGN);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      var response = region.http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream _ = response.body()) {
        return response;
      }
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static boolean isPage(Endpoints.Route route) {
    return new ApiDocument(region.api.routes())
        .operation(route)
        .orElseThrow()
        .getJsonObject("responses")
        .encode()
        .contains("\"text/html\"");
  }

  private static List<Endpoints.Route> pages() {
    return region.api.routes().stream().filter(OriginsIT::isPage).toList();
  }

  @Test
  void noCookieIsAKeyAndNoPageReadsWhatABrowserWouldSendByItself() {
    String[] cookies = {
      "Cookie",
      "access_token=%1$s; token=%1$s; session=%1$s; Authorization=Bearer%%20%1$s"
          .formatted(Region.TOKEN)
    };
    for (var route : region.api.routes()) {
      String what = route.toString();
      var reply = ask(route.method(), path(route), cookies);
      if (route.scope() != null) {
        assertThat(reply.statusCode()).as(what).isEqualTo(400);
      }
      assertThat(header(reply, "Access-Control-Allow-Origin")).as(what).isIn("*", "");
      assertThat(header(reply, "Access-Control-Allow-Credentials")).as(what).isEmpty();
      if (!route.pattern().startsWith("/oauth/oidc/")) { // tells who comes back; opens nothing
        assertThat(header(reply, "Set-Cookie")).as(what).isEmpty();
      }
      assertThat(header(reply, "X-Content-Type-Options")).as(what).isEqualTo("nosniff");
    }
  }

  @Test
  void whoBringsATokenReadsEveryAnswerFromAnyOriginStreamsAndRefusalsToo() {
    for (var route : region.api.routes()) {
      if (isPage(route) || !route.method().equals("GET")) {
        continue;
      }
      for (String token : List.of(Region.TOKEN, NOBODYS)) {
        var reply = ask("GET", path(route), "Authorization", "Bearer " + token);
        if (route.scope() != null && token.equals(NOBODYS)) {
          assertThat(reply.statusCode()).as(route.toString()).isEqualTo(401);
        }
        assertThat(header(reply, "Access-Control-Allow-Origin"))
            .as(route.toString())
            .isEqualTo("*");
        assertThat(header(reply, "Access-Control-Expose-Headers"))
            .as(route.toString())
            .contains("Retry-After");
        assertThat(header(reply, "X-Content-Type-Options")).isEqualTo("nosniff");
      }
    }
    for (String path : List.of("/v1/nope", "/v1/devices/%00", "/v1/user")) {
      var reply = ask("PATCH", path);
      assertThat(reply.statusCode()).isIn(400, 404, 405);
      assertThat(header(reply, "Access-Control-Allow-Origin")).isEqualTo("*");
    }
  }

  @Test
  void aPageIsReadByNoOtherAndStandsInNoFrameAndNoCache() {
    assertThat(pages()).hasSizeGreaterThan(6);
    for (var route : pages()) {
      String what = route.toString();
      for (String path : List.of(path(route), path(route) + "/", path(route).replace("o", "%6f"))) {
        var reply = ask(route.method(), path);
        assertThat(reply.headers().map().keySet())
            .as(what)
            .noneMatch(
                name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
        assertThat(header(reply, "Content-Security-Policy"))
            .as(what)
            .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'");
        assertThat(header(reply, "Cache-Control")).as(what).isEqualTo("no-store");
        assertThat(header(reply, "Referrer-Policy")).as(what).isIn("no-referrer", "same-origin");
        assertThat(header(reply, "X-Content-Type-Options")).as(what).isEqualTo("nosniff");
      }
      var preflight = ask("OPTIONS", path(route), "Access-Control-Request-Method", "POST");
      assertThat(preflight.statusCode()).as(what).isEqualTo(405);
      assertThat(header(preflight, "Access-Control-Allow-Origin")).as(what).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Origin | https://evil.example",
        "Origin | null",
        "Origin | http://127.0.0.1",
        "Origin | http://HOST.evil.example",
        "Sec-Fetch-Site | cross-site",
        "Sec-Fetch-Site | same-site"
      })
  void aFormThatAnotherPageSendsIsNotHeard(String header, String value) {
    var forms = pages().stream().filter(route -> route.method().equals("POST")).toList();
    assertThat(forms).hasSizeGreaterThan(1);
    for (var form : forms) {
      var sent = region.anonymous("POST", form.pattern()).header(header, value);
      assertThat(sent.form("username=a&password=b").status()).as(form.toString()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"Origin | own", "Sec-Fetch-Site | same-origin", "Sec-Fetch-Site | none", "X-A | b"})
  void aFormOfThePageItselfIsHeard(String header, String value) {
    String told = value.equals("own") ? region.url("") : value;
    for (var form : pages()) {
      if (form.method().equals("POST")) {
        var sent = region.anonymous("POST", form.pattern()).header(header, told);
        assertThat(sent.form("username=a&password=b").status()).as(form.toString()).isEqualTo(400);
      }
    }
  }
}
