package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers instead of topics, in both directions (MQTT 5, section 3.3.2.3.4). */
class TopicAliasIT {
  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private RawClient app(String properties) {
    var client = RawClient.open(port, true);
    client.send(client.connect("x", "token", TestRegion.TOKEN, 60, properties));
    var connack = client.read(CONNACK);
    assertThat(connack.u8(1)).isZero();
    assertThat(connack.hex()).contains("22000a");
    return client;
  }

  private RawClient subscriber(String properties) {
    var client = app(properties);
    client.send(client.subscribe(1, 0, "#"));
    assertThat(client.read(SUBACK).u8(3)).isZero();
    return client;
  }

  private static void publish(RawClient client, String topic) {
    client.send(client.publish0(topic, "x"));
  }

  @Test
  void aClientMaySendANumberForATopicThatItTold() {
    try (var app = app("")) {
      app.send(
          app.publish(0x32, 1, "first", "1", "230001"),
          app.publish(0x32, 2, "tenth", "2", "23000a"),
          app.publish(0x32, 3, "", "3", "230001"),
          app.publish(0x32, 4, "other", "4", "230001"),
          app.publish(0x32, 5, "", "5", "230001"));
      for (int i = 1; i <= 5; i++) {
        assertThat(app.read(PUBACK).u16(0)).isEqualTo(i);
      }
      assertThat(region.relay.names()).containsExactly("first", "tenth", "first", "other", "other");
      // What it is replaced by is for this connection alone, and for nobody else.
      assertThat(region.relay.events.get(2).manner().properties().length()).isZero();
    }
    try (var app = app("")) {
      app.send(app.publish(0x32, 1, "", "1", "230001"));
      assertThat(app.endsWith(0x82)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"topic, 230000, 94", "topic, 23000b, 94", "'', 23000b, 94", "'', 23000a, 82"})
  void refusesNumbersThatStandForNothing(String topic, String alias, String code) {
    try (var app = app("")) {
      app.send(app.publish(0x32, 1, topic, "x", alias));
      assertThat(app.endsWith(Integer.parseInt(code, 16))).isTrue();
      assertThat(region.relay.events).isEmpty();
    }
  }

  @Test
  void aClientThatTakesNumbersIsSentThem() {
    try (var app = subscriber("220002")) {
      publish(app, "a");
      var told = app.read(PUBLISH);
      assertThat(told.topic()).isEqualTo("a");
      assertThat(told.properties()).isEqualTo("230001");
      publish(app, "a");
      var again = app.read(PUBLISH);
      assertThat(again.topic()).isEmpty();
      assertThat(again.properties()).isEqualTo("230001");
      assertThat(again.payload(true)).isEqualTo("x");

      publish(app, "b");
      assertThat(app.read(PUBLISH).properties()).isEqualTo("230002");
      publish(app, "a");
      assertThat(app.read(PUBLISH).topic()).isEmpty();
      // In the place of b, which was sent before a.
      publish(app, "c");
      var third = app.read(PUBLISH);
      assertThat(third.topic()).isEqualTo("c");
      assertThat(third.properties()).isEqualTo("230002");
      publish(app, "b");
      assertThat(app.read(PUBLISH).topic()).isEqualTo("b");
    }
  }

  @Test
  void aClientThatTakesNoneIsSentNone() {
    try (var app = subscriber("")) {
      publish(app, "a");
      publish(app, "a");
      assertThat(app.read(PUBLISH).properties()).isEmpty();
      assertThat(app.read(PUBLISH).topic()).isEqualTo("a");
    }
  }

  @Test
  void noNumberMakesAPacketLargerThanTheClientTakes() {
    // Maximum packet size 100.
    try (var app = subscriber("220001" + "2700000064")) {
      // 1 + 1 + 2 + 5 + 1 + 90: just as large as it may be.
      app.send(app.publish(0x30, 0, "topic", "x".repeat(90), ""));
      var event = app.read(PUBLISH);
      assertThat(event.body().length()).isEqualTo(98);
      assertThat(event.properties()).isEmpty();
      app.send(app.publish(0x30, 0, "topic", "x".repeat(91), ""));
      publish(app, "t");
      assertThat(app.read(PUBLISH).topic()).isEqualTo("t");
    }
  }
}
