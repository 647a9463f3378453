package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.api.document.ApiDocument;
import io.starling.contract.IntegrationId;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without a database: what {@code database-down.txt} lists is answered 503, all else goes on. */
class DatabaseDownIT {
  private static final Path WRITES = Path.of("src/test/resources/database-down.txt");
  private static final String ANYBODY = "anybody ";
  private static final String FILE = "file:";
  private static final String LIBRARY = "LIBRARY";
  private static final String CLIENT = "client_id=made-1234&client_secret=" + FakePeople.SECRET;

  /** What needs no database: for devices, for their events, or not offered. */
  private static final Set<String> WITHOUT_DATABASE =
      Set.of(
          "POST /oauth/introspect",
          "POST /v1/devices/events",
          "POST /v1/products/:product/events",
          "POST /v1/orgs/:org/events",
          "POST /v1/devices/:device/:function",
          "POST /v1/products/:product/devices/:device/:function",
          "PUT /v1/devices/:device/ping",
          "PUT /v1/products/:product/devices/:device/ping",
          "POST /v1/diagnostics/:device/update",
          "POST /v1/products/:product/diagnostics/:device/update",
          "POST /v1/webhooks/:integration/test",
          "POST /v1/integrations/:integration/test",
          "POST /v1/orgs/:org/integrations/:integration/test",
          "POST /v1/products/:product/webhooks/:integration/test",
          "POST /v1/products/:product/integrations/:integration/test",
          "POST /v1/logic/functions",
          "POST /v1/logic/execute",
          "PUT /v1/logic/functions/:function",
          "DELETE /v1/logic/functions/:function");

  @RegisterExtension private final Region region = Region.start();

  /** What the requests are about. */
  private void prepare() {
    region.rows.integration(
        IntegrationId.of("a".repeat(24)),
        region.person,
        new JsonObject().put("event", "e").put("url", "http://x"));
    region.rows.client("made-1234", region.person, 77, "app", FakePeople.SECRET);
    region.rows.client("web-1234", region.person, 0, "app", FakePeople.SECRET);
    region.rows.redirect("web-1234", "web", "https://app.example/back");
    var acme = region.services.organizations.make(region.person, "acme");
    region.services.organizations.set(acme, region.stranger, "support");
    made("POST", "/v1/products/77/groups", "{\"name\":\"warm\"}");
    made("POST", "/v1/products/77/team", "{\"username\":\"eve@example.com\",\"role\":\"support\"}");
    made(
        "POST", "/v1/products/77/team", "{\"friendly_name\":\"it\",\"scopes\":[\"devices:list\"]}");
    made("POST", "/v1/orgs/acme/team", "{\"friendly_name\":\"bot\",\"scopes\":[\"devices:list\"]}");
    made(
        "POST",
        "/v1/ledgers",
        "{\"ledger\":{\"name\":\"config\",\"scope\":\"Device\",\"direction\":\"Downstream\"}}");
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    region.services.databaseDown = true;
  }

  private void made(String method, String path, String json) {
    assertThat(region.call(method, path).raw("application/json", json).status()).isLessThan(300);
  }

  private static List<String> writes() throws IOException {
    return Files.readAllLines(WRITES).stream().filter(line -> !line.startsWith("#")).toList();
  }

  private Call.Reply ask(String line) {
    boolean anybody = line.startsWith(ANYBODY);
    String[] words = line.substring(anybody ? ANYBODY.length() : 0).split(" ", 3);
    var call = anybody ? region.anonymous(words[0], words[1]) : region.call(words[0], words[1]);
    if (words.length < 3) {
      return call.send();
    }
    String body = words[2].replace("CLIENT", CLIENT).replace("CHALLENGE", "A".repeat(43));
    if (body.startsWith(FILE)) {
      String content = body.substring(FILE.length());
      return call.file(
          "file",
          content.equals(LIBRARY) ? LibrariesIT.blink() : content.getBytes(StandardCharsets.UTF_8));
    }
    return body.startsWith("{") ? call.json(new JsonObject(body)) : call.form(body);
  }

  @Test
  void everyWriteIsAnsweredWith503WithinASecond() throws IOException {
    prepare();
    for (String line : writes()) {
      long began = System.nanoTime();
      var reply = ask(line);
      var took = Duration.ofNanos(System.nanoTime() - began);

      assertThat(reply.status()).as(line + ": " + reply.text()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).as(line).hasValue("3");
      assertThat(reply.text()).as(line).isNotEmpty().doesNotContain("access token");
      assertThat(took).as(line).isLessThan(Duration.ofSeconds(1));
    }
    assertThat(forgotten())
        .as("routes neither in %s nor said to need no database", WRITES)
        .isEmpty();
  }

  private List<String> forgotten() {
    var document = new ApiDocument(region.api.routes());
    return region.api.routes().stream()
        .filter(route -> !route.method().equals("GET"))
        .filter(
            route ->
                !Described.seen()
                    .contains(Described.name(document.operation(route).orElseThrow(), "503")))
        .map(route -> route.method() + " " + route.pattern())
        .filter(route -> !WITHOUT_DATABASE.contains(route))
        .toList();
  }

  @Test
  void readsGoOn() {
    region.services.databaseDown = true;

    for (String path :
        new String[] {
          "/v1/user",
          "/v1/devices",
          "/v1/devices/kitchen",
          "/v1/devices/kitchen/temp",
          "/v1/products",
          "/v1/products/77/devices",
          "/v1/webhooks",
          "/v1/access_tokens/current"
        }) {
      assertThat(region.call("GET", path).send().status()).isEqualTo(200);
    }
  }

  @Test
  void aServiceThatIsSilentIsAnsweredForAfterFourSeconds() {
    region.services.silent = true;
    long began = System.nanoTime();

    var reply = region.call("DELETE", "/v1/devices/kitchen").send();

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isPresent();
    assertThat(System.nanoTime() - began).isBetween(3_500_000_000L, 9_000_000_000L);
  }
}
