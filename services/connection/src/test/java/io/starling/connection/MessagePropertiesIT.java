package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBCOMP;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.PUBREC;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a publisher says with its message, and what a subscription adds to it, on the way to
 * subscribers (MQTT 5, sections 3.3.2.3, 3.3.4 and 3.8.3).
 */
class MessagePropertiesIT {
  private static final int NO_LOCAL = 4;
  private static final int RETAIN_AS_PUBLISHED = 8;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private RawClient app(String id, String properties) {
    var client = RawClient.open(port, true);
    client.send(client.connect(id, "token", TestRegion.TOKEN, 60, properties));
    assertThat(client.read(CONNACK).u8(1)).isZero();
    return client;
  }

  private static void subscribe(RawClient client, String properties, int options, String filter) {
    client.send(client.subscribeWith(properties, 1, options, filter));
    assertThat(client.read(SUBACK).u8(client.isV5() ? 3 : 2)).isEqualTo(options & 3);
  }

  /** An event of an app that was published a while ago. */
  private void arrives(String name, long ageSeconds, long expirySeconds) {
    var event =
        new Event(
            new EventId(DeviceId.of("999999999999999999999999"), 1, 1),
            Origin.API,
            TestRegion.OWNER,
            0,
            name,
            Buffer.buffer("x"),
            EventClass.NORMAL,
            Instant.now().minusSeconds(ageSeconds).toEpochMilli(),
            new Event.Manner(1, false, expirySeconds, Buffer.buffer()));
    region.relay.sendLive("a-0", 0, EventBatch.encode(event));
  }

  @Test
  void whatThePublisherSaysReachesSubscribersUnaltered() {
    try (var app = app("a", "");
        var other = app("b", "")) {
      subscribe(app, "", 1, "t");
      // Format, content type, response topic, correlation data, user properties a=1, b=2, a=1.
      String said =
          "0101"
              + "03000174"
              + "08000172"
              + "09000200ff"
              + "26000161000131"
              + "26000162000132"
              + "26000161000131";
      other.send(other.publish(0x32, 1, "t", "text", said));
      assertThat(other.read(PUBACK).hex()).isEqualTo("0001");

      var event = app.read(PUBLISH);
      assertThat(event.properties()).isEqualTo(said);
      assertThat(event.payload(true)).isEqualTo("text");
    }
  }

  @Test
  void aMessageOfAnAppComesAsItWent() {
    try (var app = app("a", "")) {
      subscribe(app, "", 1, "p");
      app.sendHex("30 0b 0001 70 00 6d657373616765");
      var event = app.read(PUBLISH);
      assertThat(event.flags()).isZero();
      assertThat(event.hex()).isEqualTo("000170" + "00" + "6d657373616765");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x30, 0x32, 0x34})
  void refusesTextThatIsNone(int first) {
    try (var app = app("a", "")) {
      byte[] packet = app.publish(first, 1, "t", "é", "0101");
      packet[packet.length - 1] = 'x';
      app.send(packet);
      switch (first) {
        case 0x32 -> assertThat(app.read(PUBACK).hex()).isEqualTo("000199");
        case 0x34 -> assertThat(app.read(PUBREC).hex()).isEqualTo("000199");
        default -> assertThat(app.isQuiet()).isTrue();
      }
      assertThat(region.relay.events).isEmpty();
    }
  }

  @Test
  void aMessageTellsHowLongItIsStillWorthReading() {
    try (var app = app("a", "")) {
      subscribe(app, "", 1, "#");
      arrives("late", 10, 9);
      arrives("old", 10, 100);
      var old = app.read(PUBLISH);
      assertThat(old.topic()).isEqualTo("old");
      long left = Long.parseLong(old.properties().substring(2), 16);
      assertThat(old.properties()).startsWith("02");
      assertThat(left).isBetween(60L, 90L);
      assertThat(region.count("starling.mqtt.deliveries.dropped", "reason", "expired"))
          .isEqualTo(1);

      app.send(app.publish(0x30, 0, "new", "x", "0200000001"));
      assertThat(app.read(PUBLISH).properties()).isEqualTo("0200000001");
    }
  }

  @Test
  void aMessageThatHasExpiredIsAcknowledgedAllTheSame() {
    try (var app = app("a", "")) {
      subscribe(app, "", 2, "t");
      // Expired as soon as it is published.
      app.send(app.publish(0x34, 7, "t", "x", "0200000000"));
      assertThat(app.read(PUBREC).hex()).isEqualTo("0007");
      app.send(app.pubrel(7));
      assertThat(app.read(PUBCOMP).hex()).isEqualTo("0007");
      assertThat(app.isQuiet()).isTrue();
    }
  }

  @Test
  void aMessageBearsTheIdentifiersOfAllSubscriptionsThatItIsFor() {
    try (var app = app("a", "");
        var other = app("b", "")) {
      subscribe(app, "0b01", 0, "t/+");
      subscribe(app, "0b8002", 1, "t/#");
      subscribe(app, "", 0, "t/x");
      subscribe(app, "0b07", 1, "other");
      other.send(other.publish(1, "t/x", "x"));
      var event = app.read(PUBLISH);
      assertThat(event.qos()).isEqualTo(1);
      assertThat(event.properties()).isIn("0b010b8002", "0b80020b01");

      subscribe(app, "0b09", 0, "t/#");
      subscribe(app, "", 0, "t/+");
      other.send(other.publish(2, "t/x", "x"));
      assertThat(app.read(PUBLISH).properties()).isEqualTo("0b09");
      assertThat(app.isQuiet()).isTrue();
    }
  }

  private static RawClient.Packet readPublish(RawClient client) {
    var packet = client.read();
    while (packet.type() != PUBLISH) {
      packet = client.read();
    }
    return packet;
  }

  @Test
  void refusesAMessageWithTheIdentifierOfASubscription() {
    try (var app = app("a", "")) {
      app.send(app.publish(0x30, 0, "t", "x", "0b01"));
      assertThat(app.endsWith(0x82)).isTrue();
    }
  }

  @Test
  void retainIsToldToThoseWhoAskedForIt() {
    try (var asked = app("a", "");
        var others = app("b", "");
        var device = RawClient.device(port, false)) {
      subscribe(asked, "", 1 | RETAIN_AS_PUBLISHED, "t");
      subscribe(others, "", 1, "t");
      device.send(device.publish(0x33, 1, "t", "x", ""), device.publish(2, "t", "y"));

      assertThat(asked.read(PUBLISH).retain()).isTrue();
      assertThat(asked.read(PUBLISH).retain()).isFalse();
      assertThat(others.read(PUBLISH).retain()).isFalse();
    }
  }

  @Test
  void whatIsOnesOwnComesBackUnlessAllSubscriptionsRefuseIt() {
    try (var app = app("a", "")) {
      subscribe(app, "0b01", 1 | NO_LOCAL, "t/#");
      app.send(app.publish(1, "t/x", "x"));
      assertThat(app.read(PUBACK).u16(0)).isEqualTo(1);
      assertThat(app.isQuiet()).isTrue();

      subscribe(app, "0b02", 0, "t/x");
      app.send(app.publish(2, "t/x", "x"));
      var event = readPublish(app);
      assertThat(event.properties()).isEqualTo("0b02");
      assertThat(event.qos()).isZero();
    }
  }
}
