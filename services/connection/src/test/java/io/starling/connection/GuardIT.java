package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.guard.GuardLimits;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the limits do on the wire. */
class GuardIT {
  private static final String ID = TestRegion.DEVICE.toString();

  @RegisterExtension private final TestRegion region = TestRegion.start();

  private int port(GuardLimits limits) {
    return region.gateway("a", TestRegion.config(TestRegion.LISTEN, limits)).mqttPort();
  }

  private double accepts(String result) {
    return region.count("starling.mqtt.accepts", "result", result);
  }

  private double slowed(String why) {
    return region.count("starling.mqtt.slowed", "why", why);
  }

  @Test
  void anAddressHasSoManyConnections() {
    int port = port(new GuardLimits(100_000, 100_000, 32, 2, 1_000, 0));
    try (var first = RawClient.device(port, true);
        var second = RawClient.open(port, true);
        var third = RawClient.open(port, true)) {
      second.send(second.connect("app", "token", TestRegion.TOKEN));
      assertThat(second.read(CONNACK).u8(1)).isZero();
      assertThat(third.isCutOff(third.connect("app", "token", TestRegion.TOKEN))).isTrue();
      first.send(first.ping());
      assertThat(first.read(RawClient.PINGRESP)).isNotNull();
    }
    assertThat(accepts("address_has_too_many")).isEqualTo(1);
  }

  @Test
  void newConnectionsWaitForTheirTurnAndTooManyAreClosed() {
    // One at once, two a second: within the three seconds that one waits, about seven.
    int port = port(new GuardLimits(2, 1, 32, 0, 1_000, 0));
    var clients = new ArrayList<RawClient>();
    for (int i = 0; i < 20; i++) {
      var client = RawClient.open(port, true);
      client.send(client.connect("app" + i, "token", TestRegion.TOKEN));
      clients.add(client);
    }
    region.await(() -> accepts("taken") + accepts("waited") + accepts("too_fast") == 20);
    assertThat(accepts("waited")).isPositive();
    assertThat(accepts("too_fast")).isGreaterThan(5);
    for (var client : clients.subList(0, 3)) {
      assertThat(client.read(CONNACK).u8(1)).isZero();
    }
    assertThat(clients.getLast().closes()).isTrue();
    clients.forEach(RawClient::close);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void wrongSecretsAreToldLaterAndTheRightOneIsNot(boolean v5) {
    int port = port(new GuardLimits(100_000, 100_000, 32, 0, 2, 0));
    for (int i = 0; i < 4; i++) {
      try (var client = RawClient.open(port, v5)) {
        client.send(client.connect("", ID, "wrong"));
        assertThat(client.read(CONNACK).u8(1)).isEqualTo(v5 ? 0x86 : 4);
      }
      assertThat(slowed("failures")).isEqualTo(Math.max(0, i - 1));
    }
    try (var client = RawClient.open(port, v5)) {
      client.send(client.connect("", ID, "wrong"));
      assertThat(client.isQuiet()).isTrue();
      try (var device = RawClient.device(port, v5)) {
        assertThat(device.isQuiet()).isTrue();
      }
      assertThat(client.read(CONNACK).u8(1)).isEqualTo(v5 ? 0x86 : 4);
    }
    // It has a clean sheet now.
    try (var client = RawClient.open(port, v5)) {
      client.send(client.connect("", ID, "wrong"));
      assertThat(client.read(CONNACK).u8(1)).isEqualTo(v5 ? 0x86 : 4);
    }
    assertThat(slowed("failures")).isEqualTo(3);
  }

  @Test
  void aDeviceThatComesAgainAndAgainHasToWait() {
    int port = port(new GuardLimits(100_000, 100_000, 32, 0, 1_000, 3));
    for (int i = 0; i < 3; i++) {
      RawClient.device(port, true).close();
    }
    assertThat(slowed("flapping")).isZero();
    try (var client = RawClient.open(port, true)) {
      client.send(client.connect("", ID, TestRegion.SECRET), client.ping());
      assertThat(client.isQuiet()).isTrue();
      assertThat(client.read(CONNACK).u8(1)).isZero();
      assertThat(client.read(RawClient.PINGRESP)).isNotNull();
    }
    assertThat(slowed("flapping")).isEqualTo(1);
  }

  /** It was let in by then, but not yet told so. */
  @Test
  void aDeviceThatIsDeletedWhileItWaitsIsRefused() {
    int port = port(new GuardLimits(100_000, 100_000, 32, 0, 1_000, 1));
    RawClient.device(port, true).close();
    try (var client = RawClient.open(port, true)) {
      client.send(client.connect("", ID, TestRegion.SECRET));
      region.await(() -> slowed("flapping") == 1);
      region.rows.put("device", ID, null);
      assertThat(client.read(CONNACK).u8(1)).isEqualTo(0x87);
    }
  }

  @Test
  void appsMayComeAsOftenAsTheyLike() {
    int port = port(new GuardLimits(100_000, 100_000, 32, 0, 1_000, 1));
    for (int i = 0; i < 5; i++) {
      RawClient.connected(port, true, "token", TestRegion.TOKEN).close();
    }
    assertThat(slowed("flapping")).isZero();
  }
}
