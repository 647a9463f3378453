package io.starling.connection;

import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.health.HealthServer;
import io.starling.connection.trace.TraceRoutes;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator sees over the health port of what passes the gateways. */
class TraceIT {
  private static final int WITH_ALIAS_QOS_1 = 0x32;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HealthServer health;
  private int port;

  @BeforeEach
  void start() {
    health =
        new HealthServer(new Health(), region.metrics, "a", "127.0.0.1", 0, () -> true)
            .with("/trace", new TraceRoutes(region.vertx, region.traces)::answer);
    TestRegion.done(region.vertx.deployVerticle(health));
    port = region.gateway("a").mqttPort();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String query) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + health.actualPort() + "/trace?" + query))
        .timeout(Duration.ofSeconds(20))
        .POST(HttpRequest.BodyPublishers.noBody());
  }

  private HttpResponse<InputStream> post(String query) throws IOException, InterruptedException {
    return http.send(request(query).build(), BodyHandlers.ofInputStream());
  }

  private static BufferedReader reader(HttpResponse<InputStream> response) {
    assertThat(response.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The lines up to the first of this type, what the trace says of itself left out. */
  private static List<JsonObject> upTo(BufferedReader reader, String type) throws IOException {
    var lines = new ArrayList<JsonObject>();
    while (lines.isEmpty() || !type.equals(lines.getLast().getString("type"))) {
      var line = new JsonObject(reader.readLine());
      if (!"trace".equals(line.getString("type"))) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static List<String> packets(List<JsonObject> lines) {
    return lines.stream()
        .map(line -> line.getString("direction") + " " + line.getString("type"))
        .toList();
  }

  @Test
  void showsTheWholeConversationOfADeviceAndNoSecret() throws Exception {
    try (var reader = reader(post("device=" + TestRegion.DEVICE))) {
      try (var other = RawClient.connected(port, true, "token", TestRegion.TOKEN);
          var device = RawClient.device(port, true)) {
        device.send(device.subscribe(1, 1, "home/#"));
        var _ = device.read(SUBACK);
        // The second has only the alias.
        device.send(device.publish(WITH_ALIAS_QOS_1, 2, "home/temp", "PAYLOAD", "230001"));
        // PUBACK and the message itself, in whatever order.
        var _ = device.read();
        var _ = device.read();
        device.send(
            device.publish(WITH_ALIAS_QOS_1, 3, "", "PAYLOAD", "230001"),
            device.ping(),
            device.disconnect(4, ""));
        other.send(other.ping());
        var lines = upTo(reader, "disconnect");

        assertThat(packets(lines))
            .startsWith("in connect", "out connack", "in subscribe", "out suback", "in publish")
            .contains("out publish", "out puback", "in pingreq", "out pingresp")
            .endsWith("in disconnect");
        assertThat(lines)
            .allSatisfy(
                line -> {
                  assertThat(line.getString("client")).isEqualTo(TestRegion.DEVICE.toString());
                  assertThat(line.getString("gateway")).isEqualTo("a-0");
                  assertThat(line.getInteger("bytes")).isPositive();
                });
        assertThat(
                lines.stream()
                    .filter(line -> "publish".equals(line.getString("type")))
                    .map(line -> line.getString("topic")))
            .hasSizeGreaterThanOrEqualTo(3)
            .containsOnly("home/temp");
        assertThat(lines.toString())
            .doesNotContain("PAYLOAD", TestRegion.SECRET, TestRegion.TOKEN, TestRegion.EMAIL);
      }
    }
  }

  @Test
  void showsTheMessagesOfATopicOfWhomever() throws Exception {
    try (var reader = reader(post("topic=home/%2B"));
        var app = RawClient.connected(port, true, "token", TestRegion.TOKEN);
        var device = RawClient.device(port, true)) {
      app.send(app.subscribe(1, 1, "#"));
      var _ = app.read(SUBACK);
      device.send(device.publish(1, "garden/x", "x"), device.publish(2, "home/x", "x"));
      var _ = device.read(PUBACK);
      var _ = device.read(PUBACK);
      device.send(device.disconnect(0, ""));

      var seen = new ArrayList<>(upTo(reader, "publish"));
      seen.addAll(upTo(reader, "publish"));

      assertThat(packets(seen)).containsExactly("in publish", "out publish");
      assertThat(seen).extracting(line -> line.getString("topic")).containsOnly("home/x");
      assertThat(seen.getLast().getString("client")).isEqualTo(TestRegion.OWNER + "/token");
    }
  }

  @Test
  void showsWhyADeviceIsRefusedAndThatAConnectionIsLost() throws Exception {
    String id = TestRegion.DEVICE.toString();
    try (var reader = reader(post("device=" + id))) {
      try (var stranger = RawClient.open(port, true)) {
        stranger.send(stranger.connect("any", id, "wrong-secret"));
        var lines = upTo(reader, "connack");
        assertThat(packets(lines)).containsExactly("in connect", "out connack");
        assertThat(lines.getLast().getJsonArray("codes")).containsExactly("0x86");
        assertThat(lines.toString()).doesNotContain("wrong-secret");
      }
      RawClient.device(port, true).close();
      assertThat(packets(upTo(reader, "connection_lost"))).endsWith("in connection_lost");
    }
  }

  @Test
  void endsWhenTheCallerGoesAndTakesFourAtOnce() throws Exception {
    var open = new ArrayList<BufferedReader>();
    for (int i = 0; i < 4; i++) {
      open.add(reader(post("device=x")));
    }
    try (var body = post("device=x").body()) {
      assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).contains("4 traces");
    }
    open.removeFirst().close();
    region.await(
        () -> {
          var again = post("device=x");
          if (again.statusCode() == 200) {
            open.add(reader(again));
            return true;
          }
          again.body().close();
          return false;
        });
    for (var one : open) {
      one.close();
    }
  }

  @Test
  void refusesWhoIsElsewhereAndWhatCannotBeMeant() throws Exception {
    for (String header : List.of("X-Forwarded-For", "Forwarded", "Origin")) {
      var passedOn = request("device=x").header(header, "elsewhere").build();
      assertThat(http.send(passedOn, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
    }
    assertThat(http.send(request("").build(), BodyHandlers.discarding()).statusCode())
        .isEqualTo(400);
    assertThat(http.send(request("device=x").GET().build(), BodyHandlers.discarding()).statusCode())
        .isEqualTo(405);
  }
}
