package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.SUBACK;
import static io.starling.connection.RawClient.UNSUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE, UNSUBSCRIBE and what they mean for the messages that follow (MQTT 5, 3.8 to 3.11). */
class SubscriptionIT {
  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private RawClient app(boolean v5) {
    return RawClient.connected(port, v5, "token", TestRegion.TOKEN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersEachFilterInItsPlaceUnderThePacketIdOfTheRequest(boolean v5) {
    try (var app = app(v5)) {
      String tooLong = "b".repeat(1_025);
      app.send(app.subscribe(4_660, 2, "a", tooLong, "$share/g/x", "e"));
      var suback = app.read(SUBACK);
      assertThat(suback.hex()).isEqualTo(v5 ? "1234" + "00" + "028f0202" : "1234" + "02800202");

      app.sendHex(v5 ? "a2 09 1235 00 0001 61 0001 41" : "a2 08 1235 0001 61 0001 41");
      assertThat(app.read(UNSUBACK).hex()).isEqualTo(v5 ? "1235" + "00" + "0011" : "1235");
    }
  }

  @Test
  void comparesTopicsCharacterByCharacter() {
    try (var app = app(true)) {
      app.send(app.subscribe(1, 0, "a/B", "/c", "d/"));
      assertThat(app.read(SUBACK).u8(3)).isZero();
      for (String topic : new String[] {"a/b", "A/B", "c", "d", "a/B"}) {
        app.send(app.publish0(topic, "x"));
      }
      assertThat(app.read(PUBLISH).topic()).isEqualTo("a/B");
      assertThat(app.isQuiet()).isTrue();
    }
  }

  @Test
  void completesWhatItHasBegunForAFilterThatIsGone() {
    try (var app = RawClient.open(port, true)) {
      // Receive maximum 1.
      app.send(app.connect("x", "token", TestRegion.TOKEN, 60, "210001"));
      assertThat(app.read(CONNACK).u8(1)).isZero();
      app.send(app.subscribe(1, 1, "t"));
      assertThat(app.read(SUBACK).u8(3)).isEqualTo(1);
      app.send(app.publish0("t", "not acknowledged, so at QoS 0"));
      assertThat(app.read(PUBLISH).qos()).isZero();
      try (var device = RawClient.device(port, false)) {
        device.send(device.publish(1, "t", "1"), device.publish(2, "t", "2"));
        assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
        assertThat(device.read(PUBACK).u16(0)).isEqualTo(2);
      }
      var first = app.read(PUBLISH);
      // The window is full; everything but PUBLISH passes.
      app.send(app.ping(), app.unsubscribe(2, "t"));
      assertThat(app.read(PINGRESP)).isNotNull();
      assertThat(app.read(UNSUBACK).u8(3)).isZero();

      app.send(app.puback(first.publishId()));
      assertThat(app.read(PUBLISH).payload(true)).isEqualTo("2");
    }
  }

  @Test
  void anAnswerThatTheClientDoesNotTakeCountsAsSent() {
    try (var app = RawClient.open(port, true)) {
      // Maximum packet size 100.
      app.send(app.connect("x", "token", TestRegion.TOKEN, 60, "2700000064"));
      assertThat(app.read(CONNACK).u8(1)).isZero();
      var filters = IntStream.range(0, 96).mapToObj(i -> "t" + i).toArray(String[]::new);
      app.send(app.subscribe(1, 0, filters));
      assertThat(app.isQuiet()).isTrue();
      app.send(app.publish0("t95", "x"));
      assertThat(app.read(PUBLISH).topic()).isEqualTo("t95");
    }
  }

  @Test
  void aPacketIdThatWasAcknowledgedStandsForANewMessageWhateverItsFlags() {
    try (var app = app(true);
        var device = RawClient.device(port, true)) {
      app.send(app.subscribe(1, 1, "t"));
      assertThat(app.read(SUBACK).u8(3)).isEqualTo(1);
      device.send(device.publish(5, "t", "1"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(5);
      device.send(device.publish(0x3a, 5, "t", "2", ""));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(5);

      for (String payload : new String[] {"1", "2"}) {
        var event = app.read(PUBLISH);
        assertThat(event.payload(true)).isEqualTo(payload);
        assertThat(event.duplicate()).isFalse();
      }
    }
  }

  @Test
  void enhancedAuthenticationIsForThoseWhoAskedForIt() {
    try (var app = app(true)) {
      app.sendHex("f0 00");
      assertThat(app.endsWith(0x82)).isTrue();
    }
  }

  @Test
  void refusesEnhancedAuthentication() {
    try (var client = RawClient.open(port, true)) {
      client.send(client.connect("x", "token", TestRegion.TOKEN, 60, "15000141"));
      assertThat(client.read(CONNACK).hex()).startsWith("008c");
      assertThat(client.ends()).isTrue();
    }
  }

  @Test
  void whatComesBehindARefusedConnectIsNotLookedAt() {
    try (var client = RawClient.open(port, true)) {
      client.send(
          client.connect("x", "token", "wrong"), client.publish(1, "t", "x"), client.ping());
      assertThat(client.read(CONNACK).hex()).startsWith("0086");
      assertThat(client.ends()).isTrue();
      assertThat(region.relay.events).isEmpty();
    }
  }

  @Test
  void anAppWithoutAClientIdIsGivenOneOfItsOwn() {
    try (var one = RawClient.open(port, true);
        var other = RawClient.open(port, true)) {
      one.send(one.connect("", "token", TestRegion.TOKEN));
      other.send(other.connect("", "token", TestRegion.TOKEN));
      String first = one.read(CONNACK).text();
      String second = other.read(CONNACK).text();
      assertThat(first).contains("app-");
      assertThat(second).contains("app-");
      int at = first.indexOf("app-");
      assertThat(second).doesNotContain(first.substring(at, at + 28));
      one.send(one.ping());
      assertThat(one.read(PINGRESP)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAppMayHaveAnyClientId(boolean v5) {
    String longest = "ü".repeat(20_000);
    for (String id : new String[] {"with spaces / and # + $", longest}) {
      try (var app = RawClient.open(port, v5)) {
        app.send(app.connect(id, "token", TestRegion.TOKEN));
        assertThat(app.read(CONNACK).u8(1)).as(id).isZero();
        app.send(app.ping());
        assertThat(app.read(PINGRESP)).isNotNull();
      }
    }
  }
}
