package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Texts that mean something to a database, a template, a shell, a log or a browser, in every text
 * that people can send to a running server: each is either refused as wrong or kept as it is, and
 * none brings machinery to an end or into the answer.
 */
class HostileTextIT {
  private static final List<String> HOSTILE =
      List.of(
          "'; DROP TABLE device; --",
          "\" OR \"\"=\"",
          "%27 OR 1=1 --",
          "$1 $2 {{{x}}} ${jndi:ldap://127.0.0.1/a} #{7*7}",
          "<script>alert(1)</script>",
          "a\r\nSet-Cookie: x=y",
          "../../../etc/passwd",
          "nul\0inside",
          "\ud800 alone",
          "\u202eright to left \ufeff",
          "e".repeat(5_000));

  /** A word of the database's or of Java's in an answer would be machinery that shows. */
  private static final List<String> MACHINERY =
      List.of("io.starling", "java.", "PgException", "syntax error", "SQLSTATE", "accounts.");

  @TempDir static Path folder;
  private static Server server;
  private static String token;
  private static String product;
  private static String device;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    server = new Server(folder.resolve("data")).start();
    product = server.demo().get("PRODUCT_ID");
    device = server.demo().get("DEVICE_ID");
    String form =
        "grant_type=password&client_id=particle&client_secret=particle&username=%s&password=%s"
            .formatted(
                escaped(server.demo().get("ACCOUNT_EMAIL")),
                escaped(server.demo().get("ACCOUNT_PASSWORD")));
    token =
        new JsonObject(
                send("POST", "/oauth/token", "application/x-www-form-urlencoded", form).body())
            .getString("access_token");
  }

  @AfterAll
  static void stop() {
    server.close();
    HTTP.close();
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static HttpResponse<String> send(
      String method, String path, String contentType, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(server.demo().get("API_URL") + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", contentType)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A text in a place of a body. */
  private record Place(String method, String path, String field, JsonObject others) {
    JsonObject body(Object value) {
      return others.copy().put(field, value);
    }
  }

  private static Place place(String method, String path, String field, Object... others) {
    var fields = new JsonObject();
    for (int i = 0; i < others.length; i += 2) {
      fields.put(String.valueOf(others[i]), others[i + 1]);
    }
    return new Place(
        method, path.replace(":product", product).replace(":device", device), field, fields);
  }

  private static List<Place> places() {
    return List.of(
        place("POST", "/v1/users", "username", "password", "long enough"),
        place("POST", "/v1/user/password-reset", "username"),
        place("POST", "/v1/user/password-reset/confirm", "token", "password", "long enough"),
        place("POST", "/v1/clients", "name", "type", "installed"),
        place("POST", "/v1/clients", "redirect_uri", "name", "n", "type", "web"),
        place("POST", "/v1/devices", "id"),
        place("POST", "/v1/devices/events", "name", "data", "x"),
        place("POST", "/v1/devices/events", "data", "name", "hostile"),
        place("POST", "/v1/integrations", "event", "url", "https://127.0.0.1:1/"),
        place("POST", "/v1/integrations", "url", "event", "never-sent"),
        place("POST", "/v1/integrations", "body", "event", "never-sent", "url", "https://a.b/"),
        place("PUT", "/v1/devices/:device", "name"),
        place("PUT", "/v1/devices/:device", "notes"),
        place("POST", "/v1/products/:product/groups", "name"),
        place("POST", "/v1/products/:product/groups", "description", "name", "described"),
        place("POST", "/v1/products/:product/groups", "color", "name", "coloured"),
        place("POST", "/v1/products/:product/team", "username"),
        place(
            "POST",
            "/v1/products/:product/team",
            "friendly_name",
            "scopes",
            new JsonArray().add("devices:list")),
        place("POST", "/v1/products/:product/devices", "id"),
        place("POST", "/v1/products/:product/authorities", "certificate", "proof", "x"),
        place("PUT", "/v1/products/:product", "description"),
        place("POST", "/v1/provisioning/:device", "publicKey", "algorithm", "rsa"));
  }

  private static void judge(String what, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(what).isLessThan(500);
    assertThat(answer.body()).as(what).doesNotContain(MACHINERY);
    assertThat(answer.headers().firstValue("Set-Cookie")).as(what).isEmpty();
    if (!answer.body().isEmpty()) {
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .as(what)
          .startsWith("application/json");
    }
  }

  @Test
  void inABodyIsRefusedOrKeptAsItIs() {
    for (var place : places()) {
      for (String text : HOSTILE) {
        var sent = place.body(text).encode();
        judge(place + " " + text, send(place.method(), place.path(), "application/json", sent));
      }
      for (var odd :
          List.of(new JsonObject().put("a", 1), new JsonArray().add("a"), 17, true, 1e300)) {
        judge(
            place + " " + odd,
            send(place.method(), place.path(), "application/json", place.body(odd).encode()));
      }
    }
    allIsWell();
  }

  @Test
  void inAPathOrQueryIsSomethingThatThereIsNot() {
    for (String text : HOSTILE.subList(0, HOSTILE.size() - 1)) {
      String escaped = escaped(text);
      for (String path :
          List.of(
              "/v1/devices/" + escaped,
              "/v1/devices/" + escaped + "/temp",
              "/v1/products/" + escaped,
              "/v1/products/" + product + "/devices/" + escaped,
              "/v1/products/" + product + "/devices?deviceName=" + escaped,
              "/v1/products/" + product + "/devices?groups=" + escaped + "&sortAttr=" + escaped,
              "/v1/products/" + product + "/groups/" + escaped,
              "/v1/integrations/" + escaped,
              "/v1/serial_numbers/" + escaped)) {
        judge(path, send("GET", path, "application/json", ""));
      }
      for (String path :
          List.of(
              "/v1/products/" + product + "/groups/" + escaped,
              "/v1/products/" + product + "/team/" + escaped,
              "/v1/clients/" + escaped,
              "/v1/access_tokens/" + escaped)) {
        judge(path, send("DELETE", path, "application/json", ""));
      }
    }
    allIsWell();
  }

  /** A device's fields that only the server sets stay what they were, whoever sends them along. */
  @Test
  void fieldsThatNobodySetsAreNotSet() {
    var before =
        new JsonObject(send("GET", "/v1/devices/" + device, "application/json", "").body());
    var smuggled =
        new JsonObject()
            .put("name", "renamed")
            .put("owner", "someone@example.com")
            .put("user_id", "f".repeat(24))
            .put("product_id", 1)
            .put("platform_id", 99)
            .put("quarantined", true)
            .put("secret_hash", "0".repeat(64))
            .put("last_heard", "2020-01-01T00:00:00.000Z");
    assertThat(
            send("PUT", "/v1/devices/" + device, "application/json", smuggled.encode())
                .statusCode())
        .isEqualTo(200);
    var after = new JsonObject(send("GET", "/v1/devices/" + device, "application/json", "").body());
    assertThat(after.getString("name")).isEqualTo("renamed");
    for (String field : List.of("owner", "product_id", "platform_id", "status")) {
      assertThat(after.getValue(field)).as(field).isEqualTo(before.getValue(field));
    }
  }

  private static void allIsWell() {
    var devices = send("GET", "/v1/devices", "application/json", "");
    assertThat(devices.statusCode()).isEqualTo(200);
    assertThat(new JsonArray(devices.body())).isNotEmpty();
    var changed =
        send(
            "PUT",
            "/v1/devices/" + device,
            "application/json",
            new JsonObject().put("notes", "after all that").encode());
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(server.process().output()).noneMatch(line -> line.contains("\tat "));
  }
}
