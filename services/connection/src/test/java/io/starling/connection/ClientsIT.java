package io.starling.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.tls.TestAuthority;
import io.starling.connection.tls.TlsConfig;
import io.starling.contract.SessionsRequest.State;
import io.starling.testing.process.ChildProcess;
import io.starling.testing.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The clients that devices and apps really use, over the ways they really come: Eclipse Paho and
 * HiveMQ (Java), MQTT.js, mosquitto_pub and mosquitto_sub. {@code scripts/test} installs what is
 * not there.
 */
class ClientsIT {
  private static final String ID = TestRegion.DEVICE.toString();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension private final TestRegion region = TestRegion.start();
  @TempDir private Path folder;
  @TempDir private Path trusted;
  private final TestAuthority authority = new TestAuthority("authority");
  private ConnectionService gateway;

  /** The Java clients. */
  enum Kind {
    PAHO_3,
    PAHO_5,
    HIVEMQ_3,
    HIVEMQ_5;

    OtherClient client(OtherClient.As as) throws Exception {
      return switch (this) {
        case PAHO_3 -> new Paho3Client(as);
        case PAHO_5 -> new Paho5Client(as);
        case HIVEMQ_3 -> new HiveMq3Client(as);
        case HIVEMQ_5 -> new HiveMq5Client(as);
      };
    }
  }

  @BeforeEach
  void start() {
    authority.server("localhost").write(folder, "a");
    var listen = TestRegion.listen(new TlsConfig(null, null, folder, null));
    gateway = region.gateway("a", TestRegion.config(listen, TestRegion.GUARD));
  }

  private int port(String scheme) {
    return switch (scheme) {
      case "tcp" -> gateway.mqttPort();
      case "ssl" -> gateway.mqttTlsPort();
      case "ws" -> gateway.webSocketPort();
      default -> gateway.webSocketTlsPort();
    };
  }

  private OtherClient app(Kind kind, String scheme, String id, boolean keeps) throws Exception {
    return client(kind, scheme, id, "token", TestRegion.TOKEN, keeps);
  }

  private OtherClient client(
      Kind kind, String scheme, String id, String user, String password, boolean keeps)
      throws Exception {
    return kind.client(
        new OtherClient.As(
            scheme,
            port(scheme),
            id,
            user,
            password,
            keeps,
            authority.trusting(null),
            authority.trust()));
  }

  @ParameterizedTest
  @CsvSource({
    "PAHO_3, tcp",
    "PAHO_3, ssl",
    "PAHO_3, ws",
    "PAHO_5, tcp",
    "PAHO_5, ssl",
    "PAHO_5, wss",
    "HIVEMQ_3, tcp",
    "HIVEMQ_3, wss",
    "HIVEMQ_5, ssl",
    "HIVEMQ_5, ws"
  })
  void aJavaClientPublishesAndReceivesAtEachQos(Kind kind, String scheme) throws Exception {
    try (var app = app(kind, scheme, "an app", false);
        var device = client(kind, scheme, ID, ID, TestRegion.SECRET, false)) {
      assertThat(app.connect()).isFalse();
      assertThat(device.connect()).isFalse();
      app.subscribe("home/#", 2);
      device.subscribe("to/+", 1);
      for (int qos = 0; qos <= 2; qos++) {
        device.publish("home/t", qos, "n" + qos);
      }
      assertThat(List.of(app.receive(), app.receive(), app.receive()))
          .containsExactlyInAnyOrder("home/t 0 n0", "home/t 1 n1", "home/t 2 n2");
      String large = "x".repeat(40_000);
      app.publish("to/device", 2, large);
      assertThat(device.receive()).isEqualTo("to/device 1 " + large);
    }
    region.await(() -> !region.session(ID).orElseThrow().online());
  }

  @ParameterizedTest
  @EnumSource
  void aJavaClientGoesOnWithItsSession(Kind kind) throws Exception {
    try (var first = app(kind, "tcp", "kept", true)) {
      assertThat(first.connect()).isFalse();
      first.subscribe("t/+", 2);
    }
    awaitLeft("kept");
    try (var other = app(kind, "tcp", "other", false)) {
      assertThat(other.connect()).isFalse();
      other.publish("t/x", 1, "one");
      other.publish("t/x", 2, "two");
    }
    try (var second = app(kind, "tcp", "kept", true)) {
      assertThat(second.connect()).isTrue();
      assertThat(List.of(second.receive(), second.receive()))
          .containsExactlyInAnyOrder("t/x 1 one", "t/x 2 two");
    }
  }

  private void awaitLeft(String id) {
    region.await(() -> region.stored.get(TestRegion.OWNER + "/" + id).state() == State.LEFT);
  }

  /** A program of Mosquitto's. */
  private ChildProcess mosquitto(
      String program, String version, boolean tls, String id, String... more) {
    var command =
        new ArrayList<>(
            List.of(program, "-h", "127.0.0.1", "-V", version, "-i", id, "-t", "home/t"));
    command.addAll(List.of("-p", Integer.toString(port(tls ? "ssl" : "tcp"))));
    boolean device = id.equals(ID);
    command.addAll(List.of("-u", device ? ID : "token"));
    command.addAll(List.of("-P", device ? TestRegion.SECRET : TestRegion.TOKEN));
    if (tls) {
      command.addAll(List.of("--cafile", trusted.resolve("authority.pem").toString()));
    }
    command.addAll(List.of(more));
    return Launch.program(program, command).start();
  }

  private static void ended(ChildProcess process) {
    Awaitility.await().atMost(LIMIT).until(() -> !process.isAlive());
    assertThat(process.exitCode()).as(process.output().toString()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"mqttv31, false", "mqttv311, true", "mqttv5, false", "mqttv5, true"})
  void mosquittosProgramsPublishAndReceiveAtEachQos(String version, boolean tls)
      throws IOException {
    Files.writeString(trusted.resolve("authority.pem"), authority.pem());
    var listener =
        mosquitto("mosquitto_sub", version, tls, "sub", "-q", "2", "-C", "3", "-F", "%t %q %p");
    region.await(() -> !region.relay.interestsOf("a-0").isEmpty());
    for (int qos = 0; qos <= 2; qos++) {
      String number = Integer.toString(qos);
      ended(mosquitto("mosquitto_pub", version, tls, ID, "-q", number, "-m", "n" + qos));
    }
    ended(listener);
    assertThat(listener.output()).contains("home/t 0 n0", "home/t 1 n1", "home/t 2 n2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mqttv311", "mqttv5"})
  void mosquittoSubGoesOnWithItsSession(String version) {
    var kept = new ArrayList<>(List.of("-q", "1", "-c"));
    if (version.equals("mqttv5")) {
      kept.addAll(List.of("-x", "3600"));
    }
    var first = new ArrayList<>(kept);
    first.add("-E");
    ended(mosquitto("mosquitto_sub", version, false, "kept", first.toArray(String[]::new)));
    awaitLeft("kept");
    ended(mosquitto("mosquitto_pub", version, false, ID, "-q", "1", "-m", "waits"));
    kept.addAll(List.of("-C", "1"));
    var second = mosquitto("mosquitto_sub", version, false, "kept", kept.toArray(String[]::new));
    ended(second);
    assertThat(second.output()).contains("waits");
  }

  @Test
  void mqttJsWorksOverWebSocket() {
    Path root = Path.of("../..").toAbsolutePath().normalize();
    var npm =
        Launch.program("npm-clients", List.of(root.resolve("scripts/npm-clients").toString()))
            .start();
    Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> !npm.isAlive());
    assertThat(npm.exitCode()).as(npm.output().toString()).isZero();
    var client =
        Launch.program(
                "mqttjs-client",
                List.of(
                    "node",
                    "src/test/js/mqttjs-client.mjs",
                    npm.output().getLast(),
                    "ws://127.0.0.1:" + gateway.webSocketPort() + "/mqtt",
                    TestRegion.TOKEN,
                    ID,
                    TestRegion.SECRET))
            .start();
    ended(client);
    assertThat(client.output()).hasSize(10).allMatch(line -> line.startsWith("ok "));
  }
}
