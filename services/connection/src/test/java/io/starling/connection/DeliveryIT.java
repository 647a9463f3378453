package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.SUBACK;
import static io.starling.connection.RawClient.UNSUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.directory.Secrets;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions, and how events reach those who asked for them. */
class DeliveryIT {
  private static final int QOS_1 = 1;
  private static final int NO_LOCAL = 4;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private RawClient app(boolean v5) {
    return RawClient.connected(port, v5, "token", TestRegion.TOKEN);
  }

  private static RawClient.Packet subscribe(RawClient client, int options, String... filters) {
    client.send(client.subscribe(1, options, filters));
    return client.read(SUBACK);
  }

  private static int code(RawClient client, RawClient.Packet suback) {
    return suback.u8(client.isV5() ? 3 : 2);
  }

  /** An event of another device of the account, as a relay sends it. */
  private void arrives(String name, String data) {
    var other = DeviceId.of("999999999999999999999999");
    var event =
        new Event(
            new EventId(other, 1, 1),
            Origin.DEVICE,
            TestRegion.OWNER,
            7,
            name,
            Buffer.buffer(data),
            EventClass.NORMAL,
            1_700_000_000_123L);
    region.relay.sendLive("a-0", 0, EventBatch.encode(event));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEventReachesAnAppThatAskedForIt(boolean v5) {
    try (var app = app(v5);
        var device = RawClient.device(port, v5)) {
      assertThat(code(app, subscribe(app, QOS_1, "home/+"))).isEqualTo(1);

      device.send(device.publish(1, "garden/x", "no"), device.publish(2, "home/temp", "21"));

      var event = app.read(PUBLISH);
      assertThat(event.topic()).isEqualTo("home/temp");
      assertThat(event.qos()).isEqualTo(1);
      assertThat(event.text()).endsWith("21");
      app.send(app.puback(event.publishId()));
      assertThat(app.isQuiet()).isTrue();
    }
  }

  @Test
  void tellsMqtt5ClientsWhereAnEventCameFrom() {
    try (var app = app(true)) {
      var _ = subscribe(app, QOS_1, "#");
      arrives("a", "x");

      String packet = app.read(PUBLISH).text();
      assertThat(packet).contains("device\u0000\u0018999999999999999999999999");
      assertThat(packet).contains("published_at\u0000\u00182023-11-14T22:13:20.123Z");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void overlappingFiltersGetOneCopyWithTheHighestQos(boolean v5) {
    try (var app = app(v5)) {
      var _ = subscribe(app, 0, "home/#");
      var _ = subscribe(app, QOS_1, "home/temp", "+/temp");
      arrives("home/temp", "1");

      assertThat(app.read(PUBLISH).qos()).isEqualTo(1);
      assertThat(app.isQuiet()).isTrue();
    }
  }

  @Test
  void noLocalKeepsOnesOwnEventsAway() {
    try (var device = RawClient.device(port, true)) {
      var _ = subscribe(device, QOS_1 | NO_LOCAL, "a");
      device.send(device.publish(1, "a", "mine"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
      arrives("a", "another's");

      assertThat(device.read(PUBLISH).text()).endsWith("another's");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void unsubscribingEndsIt(boolean v5) {
    try (var app = app(v5)) {
      var _ = subscribe(app, QOS_1, "a");
      app.send(app.unsubscribe(2, "a"));
      assertThat(app.read(UNSUBACK).u16(0)).isEqualTo(2);
      region.await(() -> region.relay.interestsOf("a-0").isEmpty());
      arrives("a", "x");
      assertThat(app.isQuiet()).isTrue();

      app.send(app.unsubscribe(3, "a"));
      var again = app.read(UNSUBACK);
      assertThat(v5 ? again.u8(3) : 0x11).isEqualTo(0x11);
      assertThat(again.body().length()).isEqualTo(v5 ? 4 : 2);
    }
  }

  @Test
  void theEndOfASessionEndsItsInterest() {
    try (var app = app(false)) {
      var _ = subscribe(app, QOS_1, "a", "b");
      assertThat(region.relay.interestsOf("a-0")).hasSize(2);
    }
    region.await(() -> region.relay.interestsOf("a-0").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersEachFilterForItself(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      assertThat(code(device, subscribe(device, 2, "a"))).isEqualTo(2);
      assertThat(code(device, subscribe(device, 0, "a"))).isZero();
      assertThat(code(device, subscribe(device, 1, "n".repeat(1_025)))).isEqualTo(v5 ? 0x8f : 0x80);
      // Like a PUBLISH to such a topic: taken, and reaches nobody.
      assertThat(code(device, subscribe(device, 1, "$SYS/#"))).isEqualTo(1);
      assertThat(code(device, subscribe(device, 1, "$cloud/#"))).isEqualTo(1);
      for (int i = 1; i < 99; i++) {
        assertThat(code(device, subscribe(device, 1, "f/" + i))).isEqualTo(1);
      }
      assertThat(code(device, subscribe(device, 1, "f/99"))).isEqualTo(v5 ? 0x97 : 0x80);
    }
  }

  @Test
  void anAppHasNoBusinessWithTheCloudsTopics() {
    try (var app = app(true)) {
      assertThat(code(app, subscribe(app, 1, "$cloud/#"))).isEqualTo(0x87);
    }
  }

  @Test
  void accountsDoNotSeeEachOther() {
    region.rows.put(
        "token", Secrets.hash("theirs"), TestRegion.token("theirs", TestRegion.OTHER, null));
    region.await(() -> region.directory.token(Secrets.hash("theirs")).isPresent());
    try (var stranger = RawClient.connected(port, true, "token", "theirs")) {
      var _ = subscribe(stranger, QOS_1, "#");
      arrives("a", "x");
      assertThat(stranger.isQuiet()).isTrue();
    }
  }

  @Test
  void staysWithinTheClientsReceiveMaximum() {
    try (var app = RawClient.open(port, true)) {
      app.send(app.connect("x", "token", TestRegion.TOKEN, 60, "210002"));
      assertThat(app.read(CONNACK).u8(1)).isZero();
      var _ = subscribe(app, QOS_1, "#");
      for (int i = 0; i < 4; i++) {
        arrives("a", "m" + i);
      }

      int first = app.read(PUBLISH).publishId();
      int second = app.read(PUBLISH).publishId();
      assertThat(second).isNotEqualTo(first);
      assertThat(app.isQuiet()).isTrue();

      app.send(app.puback(first));
      var third = app.read(PUBLISH);
      assertThat(third.text()).endsWith("m2");
      assertThat(third.publishId()).isNotEqualTo(second);
      assertThat(app.isQuiet()).isTrue();
      app.send(app.puback(second));
      assertThat(app.read(PUBLISH).text()).endsWith("m3");
    }
  }

  @Test
  void leavesOutWhatIsTooLargeForTheClient() {
    try (var app = RawClient.open(port, true)) {
      app.send(app.connect("x", "token", TestRegion.TOKEN, 60, "2700000100"));
      assertThat(app.read(CONNACK).u8(1)).isZero();
      var _ = subscribe(app, QOS_1, "#");
      arrives("a", "x".repeat(256));
      arrives("b", "small");

      assertThat(app.read(PUBLISH).topic()).isEqualTo("b");
      assertThat(region.count("starling.mqtt.deliveries.dropped", "reason", "too_large"))
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void disconnectsAClientWhoseQueueOverflows(boolean v5) {
    try (var app = app(v5)) {
      var _ = subscribe(app, QOS_1, "#");
      for (int i = 0; i < 1_200; i++) {
        arrives("a", "x");
      }
      var packet = app.read();
      int received = 0;
      while (packet.type() == PUBLISH && received < 99) {
        received++;
        packet = app.read();
      }
      assertThat(received).isEqualTo(99);
      assertThat(app.endsWith(0x97)).isTrue();
    }
  }

  @Test
  void aReaderThatIsTooSlowLosesUnacknowledgedMessagesAndNothingElse() {
    try (var app = app(false)) {
      var _ = subscribe(app, 0, "#");
      String large = "x".repeat(60_000);
      for (int i = 0; i < 400; i++) {
        arrives("a", large);
      }
      region.await(() -> region.count("starling.mqtt.deliveries.dropped", "reason", "slow") > 0);
      double dropped = region.count("starling.mqtt.deliveries.dropped", "reason", "slow");
      int received = 0;
      arrives("last", "x");
      while (!app.read(PUBLISH).topic().equals("last")) {
        received++;
        if (received % 50 == 0) {
          arrives("last", "x");
        }
      }
      assertThat(dropped).isGreaterThan(100);
      assertThat(received).isGreaterThan(10).isLessThan(300);
    }
  }
}
