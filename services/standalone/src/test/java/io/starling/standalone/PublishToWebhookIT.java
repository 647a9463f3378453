package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.Received;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.oidc.FakeProvider;
import io.starling.testing.process.Launch;
import io.starling.testing.sink.Reply;
import io.starling.testing.sink.SseReader;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way, once each: an event to a stream and a webhook, a call to a device and back, a
 * person through a provider to a token.
 */
class PublishToWebhookIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir static Path folder;
  private static final Vertx VERTX = Vertx.vertx();
  private static FakeProvider provider;
  private static Server server;
  private static CloudApi api;
  private static VirtualDevice device;

  @BeforeAll
  static void start() throws IOException {
    provider = new FakeProvider();
    var providers = new JsonArray().add(provider.settings("work", "Work"));
    var file = Files.writeString(folder.resolve("providers.json"), providers.encode());
    server = new Server(folder.resolve("data")).with("STARLING_OIDC_FILE", file.toString());
    server.with("STARLING_MAIL_LINKS", server.api("").toString()).start();
    api = get(CloudApi.logIn(VERTX, server.demo()));
    device =
        VirtualDevice.create(
            VERTX,
            DeviceOptions.of(
                server.target(), new Credentials(id(), server.demo().get("DEVICE_SECRET"))));
    get(device.connectWithin(LIMIT));
    device.onMessage(PublishToWebhookIT::answerCalls);
    get(
        device.publish(
            "$cloud/describe",
            Buffer.buffer("{\"functions\":[\"led\"],\"variables\":{\"temp\":\"double\"}}"),
            1));
  }

  @AfterAll
  static void stop() {
    get(device.disconnect());
    server.close();
    provider.close();
    get(VERTX.close());
  }

  private static String id() {
    return server.demo().get("DEVICE_ID");
  }

  private static void answerCalls(Received message) {
    var levels = message.topic().split("/", -1);
    if (message.topic().startsWith("$cloud/call/")) {
      var _ =
          device.publish(
              "$cloud/return/" + levels[3],
              Buffer.buffer(message.text().equals("on") ? "1" : "0"),
              1);
    } else if (message.topic().startsWith("$cloud/read/")) {
      var _ = device.publish("$cloud/value/" + levels[3], Buffer.buffer("21.5"), 1);
    }
  }

  @Test
  void anEventReachesAStreamAndAWebhook() {
    var sink = get(WebhookSink.open(VERTX));
    get(api.createWebhook("way/", sink.url()));
    var stream = get(SseReader.open(VERTX, api.eventsUrl()));
    var ack = get(device.publish("way/temp", Buffer.buffer("21.5 °C"), 1));

    assertThat(ack.isAccepted()).isTrue();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(stream.events()).anyMatch(event -> event.name().equals("way/temp")));
    var seen =
        new JsonObject(
            stream.events().stream()
                .filter(event -> event.name().equals("way/temp"))
                .findFirst()
                .orElseThrow()
                .data());
    assertThat(seen.getString("data")).isEqualTo("21.5 °C");
    assertThat(seen.getString("coreid")).isEqualTo(id());
    await().atMost(LIMIT).untilAsserted(() -> assertThat(sink.bodies()).hasSize(1));
    assertThat(sink.bodies().getFirst())
        .contains("event=way%2Ftemp")
        .contains("coreid=" + id())
        .contains("data=21.5");
  }

  @Test
  void anEndpointThatIsGoneIsAskedNoMoreUntilItsOwnerSaysSo() {
    var sink = get(WebhookSink.open(VERTX));
    sink.answer(Reply.status(410));
    String path = "/v1/integrations/" + get(api.createWebhook("gone/", sink.url())).getString("id");
    get(device.publish("gone/temp", Buffer.buffer("1"), 1));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(integration(path).getBoolean("disabled")).isTrue());
    assertThat(get(api.get("/v1/user/audit")).encode()).contains("endpoints that answered 410");

    sink.answer(Reply.status(200));
    get(api.put(path, integration(path).put("disabled", false)));
    get(device.publish("gone/temp", Buffer.buffer("2"), 1));
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(sink.bodies()).hasSize(2).last().asString().contains("data=2"));
  }

  private static JsonObject integration(String path) {
    return get(api.get(path)).getJsonObject("integration");
  }

  @Test
  void aCallReachesTheDeviceAndReturnsItsAnswer() {
    var called = get(api.post("/v1/devices/" + id() + "/led", new JsonObject().put("args", "on")));
    assertThat(called.getInteger("return_value")).isEqualTo(1);
    var read = get(api.get("/v1/devices/demo-device/temp"));
    assertThat(read.getDouble("result")).isEqualTo(21.5);
    var described = get(api.get("/v1/devices/" + id()));
    assertThat(described.getJsonArray("functions").encode()).isEqualTo("[\"led\"]");
    assertThat(described.getBoolean("online")).isTrue();
  }

  private static JsonObject ask(String path, String form) {
    String[] type = {"Content-Type", "application/x-www-form-urlencoded"};
    return new JsonObject(Http.post(server.api(path), form, type).body());
  }

  @Test
  void aPersonSignsInThroughAProviderAndLetsADeviceIn() {
    provider.person =
        new JsonObject()
            .put("sub", "7")
            .put("email", "eve@work.example")
            .put("email_verified", true);
    var begun = ask("/oauth/device_authorization", "client_id=particle-cli");
    try (var browser = new Browser()) {
      var asked = browser.open(URI.create(begun.getString("verification_uri_complete")));
      var signedIn = browser.follow(asked);
      assertThat(signedIn.uri().getPath()).isEqualTo("/oauth/oidc/callback");
      assertThat(signedIn.body()).contains("signed in as <strong>eve@work.example</strong>");
      assertThat(browser.open(signedIn.uri()).statusCode()).isEqualTo(400);
      var done = browser.submit(signedIn, Map.of("decision", "allow"));
      assertThat(done.body()).contains("Allowed");
    }
    var granted =
        ask(
            "/oauth/token",
            "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=particle-cli"
                + "&device_code="
                + begun.getString("device_code"));
    String[] token = {"Authorization", "Bearer " + granted.getString("access_token")};
    var user = new JsonObject(Http.get(server.api("/v1/user"), token).body());
    assertThat(user.getString("username")).isEqualTo("eve@work.example");
    assertThat(Http.get(server.api("/v1/user/identities"), token).body())
        .contains("\"provider\":\"work\"");
  }

  @Test
  void whoChangedSomethingIsInTheAuditWhicheverServiceWroteIt() {
    get(api.createWebhook("audited/", "http://127.0.0.1:9/"));
    var organization = new JsonObject().put("name", "Audited");
    var made = get(api.post("/v1/orgs", organization)).getJsonObject("organization");

    var own = get(api.get("/v1/user/audit?action=webhooks.create")).getJsonArray("audit");
    var deed = own.getJsonObject(0);
    assertThat(deed.getString("outcome")).isEqualTo("done");
    assertThat(deed.getJsonObject("actor").getString("kind")).isEqualTo("person");
    get(api.put("/v1/orgs/" + made.getString("slug"), organization.put("name", "Heard")));
    assertThat(get(api.get("/v1/orgs/" + made.getString("id") + "/audit")).encode())
        .contains("organizations.edit");
  }

  /** Within a minute: each of the services tells what it counts every ten seconds. */
  @Test
  void whatAProductAndADeviceUsedIsToldWithinAMinute() {
    String product = server.demo().get("PRODUCT_ID");
    String ofProduct = "/v1/products/" + product;
    String ofDevice = ofProduct + "/devices/" + id() + "/usage";
    var before = get(api.get(ofDevice));
    var sink = get(WebhookSink.open(VERTX));
    get(api.createWebhook("used/", sink.url()));
    for (int i = 0; i < 3; i++) {
      assertThat(get(device.publish("used/temp", Buffer.buffer("1"), 1)).isAccepted()).isTrue();
    }
    var call = new JsonObject().put("args", "on");
    assertThat(get(api.post("/v1/devices/" + id() + "/led", call)).getInteger("return_value"))
        .isEqualTo(1);
    assertThat(get(api.get("/v1/devices/" + id() + "/temp")).getDouble("result")).isEqualTo(21.5);

    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              var now = get(api.get(ofDevice));
              for (var more :
                  Map.of("events", 3, "calls", 2, "deliveries", 3, "delivery_attempts", 3)
                      .entrySet()) {
                assertThat(now.getInteger(more.getKey()))
                    .as(more.getKey())
                    .isGreaterThanOrEqualTo(before.getInteger(more.getKey()) + more.getValue());
              }
              assertThat(now.getInteger("connections")).isPositive();
              assertThat(sum(ofProduct, "online", "online")).isPositive();
              assertThat(sum(ofProduct, "functions", "success")).isPositive();
              assertThat(sum(ofProduct, "variables", "success")).isPositive();
              assertThat(sum(ofProduct, "integration", "success")).isGreaterThanOrEqualTo(3);
              assertThat(sum(ofProduct, "events", "events")).isGreaterThanOrEqualTo(3);
            });
  }

  private static int sum(String product, String metric, String name) {
    return get(api.get(product + "/metrics/" + metric)).getJsonArray("metrics").stream()
        .mapToInt(bucket -> ((JsonObject) bucket).getInteger(name, 0))
        .sum();
  }

  @Test
  void whatIsNotThereIsAnsweredAsParticleDoes() {
    var headers =
        new String[] {"Authorization", "Bearer " + api.token(), "Content-Type", "application/json"};
    assertThat(
            Http.post(server.api("/v1/devices/" + id() + "/dance"), "{\"args\":\"\"}", headers)
                .statusCode())
        .isEqualTo(404);
    assertThat(Http.get(server.api("/v1/devices/0123456789abcdef01234567"), headers).statusCode())
        .isEqualTo(403);
    assertThat(Http.get(server.api("/v1/nothing"), headers).statusCode()).isEqualTo(404);
    assertThat(Http.get(server.api("/v1/devices")).statusCode()).isEqualTo(400);
    assertThat(Http.get(server.api("/v1/devices"), "Authorization", "Bearer 0000").statusCode())
        .isEqualTo(401);
    assertThat(Http.post(server.api("/v1/devices/events"), "{not json", headers).statusCode())
        .isEqualTo(400);
  }

  @Test
  void anEventPublishedOverRestReachesASubscribedDevice() {
    var received = new CopyOnWriteArrayList<String>();
    device.onMessage(
        message -> {
          received.add(message.topic() + "=" + message.text());
          answerCalls(message);
        });
    get(device.subscribe(1, "news/#"));
    get(
        api.post(
            "/v1/devices/events", new JsonObject().put("name", "news/today").put("data", "sun")));

    await().atMost(LIMIT).untilAsserted(() -> assertThat(received).contains("news/today=sun"));
  }

  @Test
  void particlesOwnClientWorksUnmodified() {
    Path root = Path.of("../..").toAbsolutePath().normalize();
    var npm =
        Launch.program("npm-clients", List.of(root.resolve("scripts/npm-clients").toString()))
            .start();
    await().atMost(Duration.ofMinutes(3)).until(() -> !npm.isAlive());
    assertThat(npm.exitCode()).as(npm.output().toString()).isZero();
    String modules = npm.output().getLast();
    node(root, "particle-client.mjs", modules, id(), server.demo().get("PRODUCT_ID"));
    node(root, "particle-webhook.mjs", modules);
  }

  private static void node(Path root, String script, String modules, String... more) {
    var arguments = new ArrayList<String>();
    arguments.add("node");
    arguments.add(root.resolve("services/api/src/test/js").resolve(script).toString());
    arguments.add(modules);
    arguments.add(server.api("").toString());
    arguments.add(server.demo().get("ACCOUNT_EMAIL"));
    arguments.add(server.demo().get("ACCOUNT_PASSWORD"));
    arguments.addAll(List.of(more));
    var client = Launch.program(script, arguments).start();
    await().atMost(Duration.ofMinutes(2)).until(() -> !client.isAlive());
    assertThat(client.exitCode()).as(client.output().toString()).isZero();
  }

  @Test
  void healthTellsPartByPartAndMetricsHaveBuckets() {
    var health = Http.get(server.health("/health"));
    assertThat(health.statusCode()).isEqualTo(200);
    var parts = new JsonObject(health.body()).getJsonObject("parts");
    assertThat(parts.fieldNames())
        .contains(
            "accounts",
            "api-0",
            "connection-0",
            "database",
            "directory",
            "drain",
            "journal",
            "webhooks");
    parts.forEach(
        part ->
            assertThat(((JsonObject) part.getValue()).getString("status"))
                .as(part.getKey())
                .isEqualTo("up"));
    assertThat(Http.get(server.health("/metrics")).body())
        .contains("_bucket{")
        .contains("jvm_memory_used_bytes");
    assertThat(Http.get(server.health("/nothing")).statusCode()).isEqualTo(404);
  }
}
