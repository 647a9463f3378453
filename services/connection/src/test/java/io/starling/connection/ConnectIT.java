package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.directory.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what the others are told. */
class ConnectIT {
  private static final String ID = TestRegion.DEVICE.toString();
  private static final DeviceId ORPHAN = DeviceId.of("111111111111111111111111");

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private int port = region.gateway("a").mqttPort();

  private int connack(
      boolean v5, String clientId, @Nullable String user, @Nullable String password) {
    try (var client = RawClient.open(port, v5)) {
      client.send(client.connect(clientId, user, password));
      int code = client.read(CONNACK).u8(1);
      assertThat(code == 0 || client.ends()).isTrue();
      return code;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void letsADeviceInByItsSecret(boolean v5) {
    assertThat(connack(v5, ID, ID, TestRegion.SECRET)).isZero();
    assertThat(connack(v5, "", ID, TestRegion.SECRET)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersAnUnknownDeviceLikeAWrongSecret(boolean v5) {
    int badCredentials = v5 ? 0x86 : 4;
    assertThat(connack(v5, ID, ID, "wrong")).isEqualTo(badCredentials);
    assertThat(connack(v5, ID, ID, "")).isEqualTo(badCredentials);
    assertThat(connack(v5, "2".repeat(24), "2".repeat(24), "x")).isEqualTo(badCredentials);
    assertThat(connack(v5, ID, "nobody", "x")).isEqualTo(badCredentials);
    assertThat(connack(v5, ID, null, null)).isEqualTo(badCredentials);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesADeviceThatNobodyOwns(boolean v5) {
    region.rows.put("device", ORPHAN.toString(), TestRegion.device(ORPHAN, null, "s"));
    region.await(() -> region.directory.device(ORPHAN).isPresent());

    assertThat(connack(v5, ORPHAN.toString(), ORPHAN.toString(), "s")).isEqualTo(v5 ? 0x87 : 5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesADeviceUnderAnotherClientId(boolean v5) {
    assertThat(connack(v5, "other", ID, TestRegion.SECRET)).isEqualTo(v5 ? 0x85 : 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void letsAnAppInByItsTokenUnderAnyClientId(boolean v5) {
    assertThat(connack(v5, "my app", "token", TestRegion.TOKEN)).isZero();
    assertThat(connack(v5, "", "token", TestRegion.TOKEN)).isZero();
    assertThat(connack(v5, "x", "Owner@Example.com", TestRegion.TOKEN)).isZero();
    assertThat(connack(v5, "x", "other@example.com", TestRegion.TOKEN)).isEqualTo(v5 ? 0x86 : 4);
    assertThat(connack(v5, "x", "token", "wrong")).isEqualTo(v5 ? 0x86 : 4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesAnExpiredToken(boolean v5) {
    var expired = TestRegion.token("old", TestRegion.OWNER, Instant.EPOCH);
    region.rows.put("token", Secrets.hash("old"), expired);
    region.await(() -> region.directory.tokenEvenExpired(Secrets.hash("old")).isPresent());

    assertThat(connack(v5, "x", "token", "old")).isEqualTo(v5 ? 0x86 : 4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesTheTokenOfAProductsClientOrCustomer(boolean v5) {
    var limited = TestRegion.token("customer", TestRegion.OWNER, null).put("product", 7);
    region.rows.put("token", Secrets.hash("customer"), limited);
    region.await(() -> region.directory.tokenEvenLimited(Secrets.hash("customer")).isPresent());

    assertThat(connack(v5, "x", "token", "customer")).isEqualTo(v5 ? 0x86 : 4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isUnavailableWhileTheDirectoryWasNeverInStep(boolean v5) {
    try (var blank = TestRegion.blank()) {
      port = blank.gateway("a").mqttPort();
      assertThat(connack(v5, ID, ID, TestRegion.SECRET)).isEqualTo(v5 ? 0x88 : 3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesPacketsRightBehindConnect(boolean v5) {
    try (var device = RawClient.open(port, v5)) {
      device.send(
          device.connect(ID, ID, TestRegion.SECRET),
          device.subscribe(1, 1, "a/#"),
          device.publish(2, "b", "x"),
          device.ping());

      assertThat(device.read(CONNACK).u8(1)).isZero();
      assertThat(device.read(PINGRESP)).isNotNull();
      assertThat(List.of(device.read().type(), device.read().type()))
          .containsExactlyInAnyOrder(SUBACK, PUBACK);
    }
  }

  @Test
  void tellsAnMqtt5ClientTheLimits() {
    try (var device = RawClient.open(port, true)) {
      device.send(device.connect("", ID, TestRegion.SECRET, 0, ""));

      String connack = device.read(CONNACK).hex();

      assertThat(connack).contains("210014"); // receive maximum 20
      assertThat(connack).doesNotContain("2401").doesNotContain("2400"); // QoS 2
      assertThat(connack).doesNotContain("2500"); // retained messages
      assertThat(connack).contains("2700010000"); // maximum packet size 64 KiB
      assertThat(connack).contains("22000a"); // 10 topic aliases
      assertThat(connack).doesNotContain("2900").doesNotContain("2800"); // identifiers, wildcards
      assertThat(connack).doesNotContain("2a00"); // shared subscriptions
      assertThat(connack).contains("1304b0"); // server keep alive 1,200 s
      assertThat(connack).contains("120018" + hex(ID)); // assigned client id
    }
  }

  @ParameterizedTest
  @CsvSource({"x, 19, 0", "x, 18, 149", "'', 50, 0", "'', 49, 149"})
  void aClientIsLetInIfItTakesAllOfItsConnack(String id, int most, int code) {
    try (var app = RawClient.open(port, true)) {
      // With a keep alive that is capped.
      String properties = "27" + HexFormat.of().toHexDigits(most);
      app.send(app.connect(id, "token", TestRegion.TOKEN, 0, properties));
      var connack = app.read(CONNACK);
      assertThat(connack.u8(1)).isEqualTo(code);
      assertThat(2 + connack.body().length()).isEqualTo(code == 0 ? most : 5);
      assertThat(code == 0 || app.ends()).isTrue();
    }
    region.await(() -> region.metric("starling.mqtt.sessions") == 0);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsASessionWhoseDeviceIsGone(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      region.rows.put("device", ID, null);
      assertThat(device.endsWith(0x87)).isTrue();
    }
  }

  @Test
  void endsASessionWhoseSecretChanged() {
    try (var device = RawClient.device(port, true)) {
      region.rows.put(
          "device", ID, TestRegion.device(TestRegion.DEVICE, TestRegion.OWNER, "another"));
      assertThat(device.endsWith(0x87)).isTrue();
    }
  }

  @Test
  void endsASessionWhoseDeviceWasGivenToAnother() {
    try (var device = RawClient.device(port, true)) {
      region.rows.put(
          "device", ID, TestRegion.device(TestRegion.DEVICE, TestRegion.OTHER, TestRegion.SECRET));
      assertThat(device.endsWith(0x87)).isTrue();
    }
  }

  @Test
  void keepsASessionWhoseDeviceOnlyGotANewName() {
    try (var device = RawClient.device(port, true)) {
      region.rows.put(
          "device",
          ID,
          TestRegion.device(TestRegion.DEVICE, TestRegion.OWNER, TestRegion.SECRET)
              .put("name", "lamp"));
      region.rows.put("token", Secrets.hash(TestRegion.TOKEN), null);
      region.await(
          () -> region.directory.tokenEvenExpired(Secrets.hash(TestRegion.TOKEN)).isEmpty());
      device.send(device.publish(1, "a", "b"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsASessionWhoseTokenWasRevoked(boolean v5) {
    try (var app = RawClient.connected(port, v5, "token", TestRegion.TOKEN)) {
      region.rows.put("token", Secrets.hash(TestRegion.TOKEN), null);
      assertThat(app.endsWith(0x87)).isTrue();
    }
  }

  @Test
  void endsAllSessionsOfARevokedTokenAndNoOthers() {
    region.rows.put(
        "token", Secrets.hash("other"), TestRegion.token("other", TestRegion.OWNER, null));
    region.await(() -> region.directory.token(Secrets.hash("other")).isPresent());
    try (var one = RawClient.open(port, true);
        var two = RawClient.open(port, true);
        var other = RawClient.open(port, true)) {
      one.send(one.connect("one", "token", TestRegion.TOKEN));
      two.send(two.connect("two", "token", TestRegion.TOKEN));
      other.send(other.connect("other", "token", "other"));
      for (var app : List.of(one, two, other)) {
        assertThat(app.read(CONNACK).u8(1)).isZero();
      }
      region.rows.put("token", Secrets.hash(TestRegion.TOKEN), null);
      assertThat(one.endsWith(0x87)).isTrue();
      assertThat(two.endsWith(0x87)).isTrue();
      other.send(other.ping());
      assertThat(other.read(RawClient.PINGRESP)).isNotNull();
    }
  }

  @Test
  void endsASessionWhoseTokenRunsOut() {
    var soon = TestRegion.token("soon", TestRegion.OWNER, Instant.now().plusMillis(1_500));
    region.rows.put("token", Secrets.hash("soon"), soon);
    region.await(() -> region.directory.tokenEvenExpired(Secrets.hash("soon")).isPresent());
    try (var app = RawClient.connected(port, true, "token", "soon")) {
      assertThat(app.endsWith(0x87)).isTrue();
    }
  }
}
