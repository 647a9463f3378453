package io.starling.connection;

import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBCOMP;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.PUBREC;
import static io.starling.connection.RawClient.PUBREL;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.EventClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** QoS 2 in both directions, over real sockets (MQTT 5, section 4.3.3). */
class ExactlyOnceIT {
  private static final int QOS_2 = 0x34;
  private static final int QOS_2_AGAIN = 0x3c;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private static byte[] publish(RawClient client, int packetId, String payload) {
    return client.publish(QOS_2, packetId, "t", payload, "");
  }

  private RawClient subscriber(boolean v5, int qos) {
    var app = RawClient.connected(port, v5, "token", TestRegion.TOKEN);
    app.send(app.subscribe(1, qos, "t"));
    assertThat(app.read(SUBACK).u8(v5 ? 3 : 2)).isEqualTo(qos);
    return app;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMessageIsReceivedOnceItIsCommitted(boolean v5) {
    region.relay.holds();
    try (var device = RawClient.device(port, v5)) {
      device.send(publish(device, 7, "21.5"));
      region.await(() -> region.relay.held.size() == 1);
      assertThat(device.isQuiet()).isTrue();

      region.relay.release();

      assertThat(device.read(PUBREC).hex()).isEqualTo("0007");
      device.send(device.pubrel(7));
      assertThat(device.read(PUBCOMP).hex()).isEqualTo("0007");
      assertThat(region.relay.names()).containsExactly("t");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRepeatedMessageIsTheSameUntilItIsReleased(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.send(publish(device, 7, "x"));
      assertThat(device.read(PUBREC).u16(0)).isEqualTo(7);
      // Whatever its DUP flag says.
      device.send(publish(device, 7, "x"), device.publish(QOS_2_AGAIN, 7, "t", "x", ""));
      assertThat(device.read(PUBREC).hex()).isEqualTo("0007");
      assertThat(device.read(PUBREC).hex()).isEqualTo("0007");
      assertThat(region.relay.events).hasSize(1);

      device.send(device.pubrel(7), publish(device, 7, "y"));

      assertThat(device.read(PUBCOMP).u16(0)).isEqualTo(7);
      assertThat(device.read(PUBREC).u16(0)).isEqualTo(7);
      assertThat(region.relay.events).hasSize(2);
    }
  }

  @Test
  void aRepeatedMessageThatIsNotCommittedYetIsLeftToTheAnswerThatIsDue() {
    region.relay.holds();
    try (var device = RawClient.device(port, true)) {
      device.send(publish(device, 7, "x"));
      region.await(() -> region.relay.held.size() == 1);
      device.send(device.publish(QOS_2_AGAIN, 7, "t", "x", ""));
      region.await(
          () -> region.count("starling.mqtt.publishes", "qos", "2", "result", "repeated") == 1);

      region.relay.release();

      assertThat(device.read(PUBREC).u16(0)).isEqualTo(7);
      assertThat(device.isQuiet()).isTrue();
      assertThat(region.relay.events).hasSize(1);
    }
  }

  @Test
  void answersInTheOrderOfTheMessagesWhateverTheirQos() {
    region.relay.holds();
    try (var device = RawClient.device(port, true)) {
      device.send(publish(device, 3, "x"), device.publish(4, "t", "x"), publish(device, 5, "x"));
      region.await(() -> region.relay.held.size() == 1);
      region.relay.release();

      assertThat(device.read(PUBREC).u16(0)).isEqualTo(3);
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(4);
      assertThat(device.read(PUBREC).u16(0)).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void releasesAlsoWhatItDoesNotKnow(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.send(device.pubrel(9));
      assertThat(device.read(PUBCOMP).hex()).isEqualTo("0009");
    }
  }

  @Test
  void aRefusedMessageIsNotWaitedFor() {
    region.relay.commitsOnly(EventClass.NORMAL);
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(QOS_2, 7, "log/x", "x", ""));
      assertThat(device.read(PUBREC).hex()).isEqualTo("000797");
      region.relay.commits();
      device.send(device.publish(QOS_2, 7, "log/x", "x", ""));
      assertThat(device.read(PUBREC).hex()).isEqualTo("0007");
      assertThat(region.relay.events).hasSize(1);
    }
  }

  @Test
  void countsAgainstTheReceiveMaximumUntilItIsComplete() {
    try (var device = RawClient.device(port, true)) {
      for (int i = 1; i <= 20; i++) {
        device.send(publish(device, i, "x"));
        assertThat(device.read(PUBREC).u16(0)).isEqualTo(i);
      }
      device.send(device.pubrel(1));
      assertThat(device.read(PUBCOMP).u16(0)).isEqualTo(1);
      device.send(device.publish(21, "t", "x"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(21);
      device.send(publish(device, 22, "x"));
      assertThat(device.read(PUBREC).u16(0)).isEqualTo(22);
      device.send(publish(device, 23, "x"));
      assertThat(device.endsWith(0x93)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSubscriberGetsAMessageInFourSteps(boolean v5) {
    try (var app = subscriber(v5, 2);
        var device = RawClient.device(port, false)) {
      device.send(publish(device, 1, "x"));
      var event = app.read(PUBLISH);
      assertThat(event.qos()).isEqualTo(2);
      assertThat(event.duplicate()).isFalse();

      app.send(app.pubrec(event.publishId()));
      assertThat(app.read(PUBREL).u16(0)).isEqualTo(event.publishId());
      app.send(app.pubrec(event.publishId()));
      assertThat(app.read(PUBREL).u16(0)).isEqualTo(event.publishId());
      app.send(app.pubcomp(event.publishId()));
      assertThat(app.isQuiet()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 0", "1, 2, 1", "2, 2, 2", "2, 1, 1", "2, 0, 0", "1, 0, 0", "0, 1, 0"})
  void aMessageComesAtTheLowerOfItsQosAndTheGranted(int published, int granted, int comes) {
    try (var app = subscriber(true, granted);
        var device = RawClient.device(port, true)) {
      device.send(device.publish(0x30 | (published << 1), 1, "t", "x", ""));
      var event = app.read(PUBLISH);
      assertThat(event.qos()).isEqualTo(comes);
      assertThat(event.payload(true)).isEqualTo("x");
    }
  }

  @Test
  void aMessageThatTheClientRefusesMakesRoomForAnother() {
    try (var app = RawClient.open(port, true)) {
      // Receive maximum 1.
      app.send(app.connect("x", "token", TestRegion.TOKEN, 60, "210001"));
      assertThat(app.read().u8(1)).isZero();
      app.send(app.subscribe(1, 2, "t"));
      assertThat(app.read(SUBACK).u8(3)).isEqualTo(2);
      try (var device = RawClient.device(port, false)) {
        for (int i = 1; i <= 3; i++) {
          device.send(device.publish(QOS_2, i, "t", "m" + i, ""));
        }
        var first = app.read(PUBLISH);
        assertThat(app.isQuiet()).isTrue();
        app.sendHex("50 03 %04x 83".formatted(first.publishId()));
        var second = app.read(PUBLISH);
        assertThat(second.payload(true)).isEqualTo("m2");
        app.send(app.pubrec(second.publishId()));
        assertThat(app.read(PUBREL).u16(0)).isEqualTo(second.publishId());
        assertThat(app.isQuiet()).isTrue();
        app.send(app.pubcomp(second.publishId()));
        assertThat(app.read(PUBLISH).payload(true)).isEqualTo("m3");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 50", "1, 70", "2, 40", "2, 70"})
  void anAcknowledgementOfAnotherQosEndsTheConnection(int qos, String type) {
    for (boolean v5 : new boolean[] {false, true}) {
      try (var app = subscriber(v5, qos);
          var device = RawClient.device(port, false)) {
        device.send(publish(device, 1, "x"));
        var event = app.read(PUBLISH);
        app.sendHex(type + "02%04x".formatted(event.publishId()));
        assertThat(app.endsWith(0x82)).isTrue();
      }
    }
  }

  @Test
  void answersAReceiptOfWhatItDoesNotKnow() {
    try (var app = subscriber(true, 2)) {
      app.send(app.pubrec(1_234));
      assertThat(app.read(PUBREL).u16(0)).isEqualTo(1_234);
      app.send(app.pubcomp(1_234));
      assertThat(app.isQuiet()).isTrue();
    }
  }
}
