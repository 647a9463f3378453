package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Credentials;
import io.starling.testing.wire.MqttVersion;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What strangers and broken clients send to a running server is answered as the protocol says and
 * costs nobody else anything: after each test a device that was connected from the beginning has
 * kept its connection and lost nothing, and the log has a line for each mistake at most, without a
 * stack trace, a secret or a payload.
 */
class BadInputIT {
  private static final String WRONG = "wr0ng-pa55word-of-somebody";
  private static final String WRONG_TOKEN = "0badc0de0badc0de0badc0de0badc0de0badc0de";
  private static final String PAYLOAD = "payl0ad-of-a-customer";

  @TempDir static Path folder;
  private static final Vertx VERTX = Vertx.vertx();
  private static Server server;
  private static CloudApi api;
  private static Credentials device;
  private static Credentials other;
  private static Steady steady;

  private static int mistakes;

  @BeforeAll
  static void start() {
    server = new Server(folder.resolve("data")).with("STARLING_API_MAX_BODY", "64KiB").start();
    api = get(CloudApi.logIn(VERTX, server.demo()));
    var devices = get(api.createDevices(server.demo().get("PRODUCT_ID"), 3));
    device = devices.get(0);
    other = devices.get(1);
    steady = Steady.start(VERTX, server, api, devices.get(2));
  }

  @AfterAll
  static void stop() {
    server.close();
    get(VERTX.close());
  }

  @AfterEach
  void nobodyElseNoticesAndTheLogStaysShort() {
    steady.check();
    assertThat(log().lines().count()).isLessThanOrEqualTo(mistakes);
    assertThat(log())
        .doesNotContain("\tat ", "Exception")
        .doesNotContain(WRONG, WRONG_TOKEN, PAYLOAD)
        .doesNotContain(api.token(), device.secret(), other.secret())
        .doesNotContain(server.demo().get("ACCOUNT_PASSWORD"));
  }

  /** All since the start, but what Vert.x tells of a machine that is too slow. */
  private static String log() {
    var lines = server.process().output();
    int ready = lines.indexOf(server.process().awaitLine("Ctrl-C stops it", Duration.ofSeconds(5)));
    return (String.join("\n", lines.subList(ready + 1, lines.size())) + "\n")
        .replaceAll("(?m)^\\S+ WARN  BlockedThreadChecker.*\\n(?:(?!\\d{4}-).*\\n)*", "")
        .stripTrailing();
  }

  @ParameterizedTest
  @EnumSource
  void wrongCredentialsAreRefusedWithTheirCode(MqttVersion version) {
    var email = server.demo().get("ACCOUNT_EMAIL");
    var codes = version.isFive() ? List.of(0x86, 0x87) : List.of(4, 5);
    for (var wrong :
        List.of(
            new Credentials(device.id(), WRONG),
            new Credentials(device.id(), other.secret()),
            new Credentials(device.id(), ""),
            new Credentials("0123456789abcdef01234567", WRONG),
            new Credentials(device.secret(), device.id()),
            new Credentials(email, WRONG),
            new Credentials("token", WRONG_TOKEN),
            new Credentials(api.token(), ""))) {
      try (var client = RawMqtt.open(server.mqttPort(), version)) {
        mistakes++;
        client.send(client.connect(wrong.id(), wrong.id(), wrong.secret()));
        assertThat(client.returnCode()).isIn(codes);
        assertThat(client.end()).isEqualTo("end");
      }
    }
  }

  @Test
  void aConnectionThatDoesNotBeginWithConnectEnds() {
    for (var hex :
        List.of(
            "3003000161",
            "c000",
            "0000",
            "ffffffffff",
            "100c00044d5154540403003c0000",
            "10ffffffff7f",
            "16030100050100000100",
            "474554202f20485454502f312e310d0a0d0a")) {
      try (var client = RawMqtt.open(server.mqttPort(), MqttVersion.V3_1_1)) {
        mistakes++;
        client.send(BrokenPacket.hex(hex));
        assertThat(client.end()).as(hex).isEqualTo("end");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBrokenPacketEndsItsConnection(MqttVersion version) {
    var told = new LinkedHashMap<String, String>();
    var ended = new LinkedHashMap<String, String>();
    for (var broken : BrokenPacket.all(version, PAYLOAD)) {
      try (var client = RawMqtt.device(server.mqttPort(), version, device)) {
        mistakes++;
        client.send(broken.bytes());
        ended.put(broken.what(), client.end());
      }
      told.put(
          broken.what(),
          version.isFive() ? "DISCONNECT 0x%02x, end".formatted(broken.reason()) : "end");
    }
    assertThat(ended).isEqualTo(told);
  }

  @ParameterizedTest
  @EnumSource
  void aSecondConnectEndsItsConnection(MqttVersion version) {
    try (var client = RawMqtt.device(server.mqttPort(), version, device)) {
      mistakes++;
      client.send(client.connect(device.id(), device.id(), device.secret()));
      assertThat(client.end()).isEqualTo(version.isFive() ? "DISCONNECT 0x82, end" : "end");
    }
  }

  @Test
  void whatIsNoWebSocketIsRefused() {
    mistakes++;
    var request = "GET /mqtt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assertThat(RawHttp.send(server.webSocketPort(), request).status()).isEqualTo(400);
  }

  @Test
  void requestsAreAnsweredWithTheErrorThatTheyDeserve() {
    var post = "POST /v1/devices/events";
    refused(400, request("GET /v1/devices", "", "X: y"));
    refused(401, request("GET /v1/devices", "", bearer(WRONG_TOKEN)));
    refused(401, request("GET /v1/devices?access_token=" + WRONG_TOKEN, "", "X: y"));
    refused(404, request("GET /", "", authorized()));
    refused(404, request("GET /v1/nothing", "", authorized()));
    refused(404, request("GET /v1/../../etc/passwd", "", authorized()));
    refused(405, request("PATCH /v1/user", "", authorized()));
    refused(405, request("BREW /v1/devices", "", authorized()));
    refused(400, request("GET /v1/devices/%zz", "", authorized()));
    for (var body : List.of("{", PAYLOAD, "[1,2]", "\"" + PAYLOAD + "\"", "{\"name\":}", "\0")) {
      refused(400, request(post, body, authorized(), "Content-Type: application/json"));
    }
    refused(415, request(post, PAYLOAD, authorized(), "Content-Type: multipart/form-data"));
    for (var name :
        List.of(
            "", "a/#", "a/+", "$cloud/x", "spark/x", "a\\u0000b", "\\ud800", "n".repeat(1_025))) {
      refused(
          400,
          request(
              post,
              "{\"name\":\"" + name + "\",\"data\":\"" + PAYLOAD + "\"}",
              authorized(),
              "Content-Type: application/json"));
    }
  }

  @Test
  void aLoginWithWrongCredentialsTellsNothing() {
    for (var user : List.of(server.demo().get("ACCOUNT_EMAIL"), "nobody@starling.example")) {
      var form =
          "grant_type=password&client_id=particle&client_secret=particle&username=%s&password=%s"
              .formatted(user, WRONG);
      var json =
          refused(
              400,
              request(
                  "POST /oauth/token", form, "Content-Type: application/x-www-form-urlencoded"));
      assertThat(json).contains("invalid_grant");
    }
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeItIsRead() {
    refused(413, head("POST /v1/devices/events", authorized(), "Content-Length: 70000"));
    refused(
        413,
        head("POST /v1/devices/events", authorized(), "Transfer-Encoding: chunked")
            + "11170\r\n"
            + PAYLOAD.repeat(70_000 / PAYLOAD.length()));
    refused(414, head("GET /v1/user?x=" + "y".repeat(9_000), authorized()));
    refused(431, head("GET /v1/user", authorized(), "X-Long: " + "y".repeat(17_000)));
    var flood = new StringBuilder("GET /v1/user HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 1_000; i++) {
      flood.append("X-").append(i).append(": ").append(PAYLOAD).append("\r\n");
    }
    refused(431, flood.toString());
  }

  @Test
  void whatIsNoHttpIsHungUpOn() {
    for (var bytes :
        List.of(
            "nonsense\r\n\r\n",
            "GET\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
            "\u0010\u000c\u0000\u0004MQTT\u0004\u0002\u0000<\u0000\u0000\r\n\r\n")) {
      refused(400, bytes);
    }
  }

  /** Sends a request which must be answered so, with an error in JSON, and hung up on. */
  @CanIgnoreReturnValue
  private String refused(int status, String request) {
    mistakes++;
    var reply = RawHttp.send(server.apiPort(), request);
    assertThat(reply.status()).as(request).isEqualTo(status);
    assertThat(reply.json().getString("error")).as(request).isNotEmpty();
    assertThat(reply.text()).doesNotContain("Exception").doesNotContain("io.vertx");
    return reply.text();
  }

  private static String authorized() {
    return bearer(api.token());
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  private static String request(String line, String body, String... headers) {
    return head(
            line,
            String.join("\r\n", headers),
            "Connection: close",
            "Content-Length: " + body.length())
        + body;
  }

  private static String head(String line, String... headers) {
    return line + " HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }
}
