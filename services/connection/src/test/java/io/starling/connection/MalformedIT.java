package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks the protocol ends its own connection, and nothing else. */
class MalformedIT {
  private static final String ID = TestRegion.DEVICE.toString();

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 03 0001 61", // PUBLISH before CONNECT
        "c0 00", // PINGREQ before CONNECT
        "ff ff ff ff ff", // no packet
        "10 0c 0004 4d515454 09 02 003c 0000", // protocol level 9
        "10 0c 0004 4d515454 04 03 003c 0000", // reserved flag of CONNECT
        "00 00", // reserved type
        "474554202f20485454502f312e310d0a0d0a" // HTTP
      })
  void aConnectionThatStartsWrongEnds(String hex) {
    try (var good = RawClient.device(port, false);
        var bad = RawClient.open(port, false)) {
      bad.sendHex(hex);
      assertThat(endsSomehow(bad)).isTrue();

      good.send(good.ping());
      assertThat(good.read(PINGRESP)).isNotNull();
    }
  }

  /** A refusal of an unknown protocol level may come first. */
  private static boolean endsSomehow(RawClient client) {
    try {
      return client.read(CONNACK).u8(1) != 0 && client.ends();
    } catch (java.io.UncheckedIOException e) {
      return !(e.getCause() instanceof java.net.SocketTimeoutException);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSecondConnectEndsTheConnection(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.send(device.connect(ID, ID, TestRegion.SECRET));
      assertThat(device.endsWith(0x82)).isTrue();
      region.await(() -> !region.session(ID).orElseThrow().online());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesPacketsThatAreTooLarge(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(1, "a", "x".repeat(64 * 1024)));
      assertThat(device.endsWith(0x95)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesPacketsUpToTheLimit(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      int overhead = device.publish(1, "a", "").length + 2;
      device.send(device.publish(1, "a", "x".repeat(64 * 1024 - overhead)));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesTopicsThatAreNoNames(boolean v5) {
    for (String topic : new String[] {"a/#", "+/b"}) {
      publishesTo(topic, v5, 0x81);
    }
    for (String topic : new String[] {"n".repeat(1_025), "ü".repeat(513)}) {
      publishesTo(topic, v5, 0x90);
    }
    assertThat(region.relay.events).isEmpty();
  }

  private void publishesTo(String topic, boolean v5, int code) {
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(1, topic, "x"));
      assertThat(device.endsWith(code)).as(topic).isTrue();
    }
  }

  @Test
  void takesNamesUpToTheLimit() {
    try (var device = RawClient.device(port, false)) {
      device.send(device.publish(1, "ü".repeat(512), "x"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesAMessageWithoutATopic(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(1, "", "x"));
      assertThat(device.endsWith(0x82)).isTrue();
    }
  }

  @Test
  void enforcesTheReceiveMaximum() {
    region.relay.holds();
    try (var device = RawClient.device(port, true)) {
      for (int i = 1; i <= 21; i++) {
        device.send(device.publish(i, "a", "x"));
      }
      assertThat(device.endsWith(0x93)).isTrue();
    }
  }

  @Test
  void boundsWhatAnMqtt311ClientMayLeaveUnacknowledged() {
    region.relay.holds();
    try (var device = RawClient.device(port, false)) {
      for (int i = 1; i <= 1_001; i++) {
        device.send(device.publish(i, "a", "x"));
      }
      assertThat(device.ends()).isTrue();
    }
    try (var device = RawClient.device(port, false)) {
      for (int i = 1; i <= 18; i++) {
        device.send(device.publish(i, "a", "x".repeat(60_000)));
      }
      assertThat(device.ends()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void malformedUtf8EndsTheConnection(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.sendHex(v5 ? "30 06 0002 c328 00 78" : "30 05 0002 c328 78");
      assertThat(device.endsWith(0x81)).isTrue();
    }
  }

  @Test
  void aDisconnectWithACodeThatDoesNotExistHarmsNobody() {
    try (var device = RawClient.device(port, true)) {
      device.sendHex("e0 02 01 00");
      assertThat(device.ends()).isTrue();
    }
  }

  @Test
  void aConnectionThatNeverConnectsEnds() {
    try (var silent = RawClient.open(port, false)) {
      assertThat(silent.ends()).isTrue();
    }
  }

  @Test
  void aClientThatOutlivesItsKeepAliveEnds() {
    try (var device = RawClient.open(port, false)) {
      device.send(device.connect(ID, ID, TestRegion.SECRET, 1, ""));
      assertThat(device.read(CONNACK).u8(1)).isZero();
      assertThat(device.ends()).isTrue();
      region.await(() -> !region.session(ID).orElseThrow().online());
    }
  }
}
