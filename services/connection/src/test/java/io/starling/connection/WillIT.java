package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.SessionsRequest.WillFate;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wills at the gateway (MQTT 5, section 3.1.2.5): kept with the session before CONNACK; what
 * becomes of them is told when the connection is over. Publishing them is the relay's.
 */
class WillIT {
  private static final String ID = TestRegion.DEVICE.toString();
  private static final int WILL = 0x04;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final ConnectionService gateway = region.gateway("a");

  private RawClient connected(boolean v5, int willFlags, String topic, String propertiesHex) {
    var client = RawClient.open(gateway.mqttPort(), v5);
    client.send(connect(v5, willFlags, topic, propertiesHex, 60));
    assertThat(client.read(CONNACK).u8(1)).isZero();
    return client;
  }

  /** CONNECT of the device with a will. */
  static byte[] connect(
      boolean v5, int willFlags, String topic, String willPropertiesHex, int keepAlive) {
    var body = Buffer.buffer();
    text(body, "MQTT");
    var _ =
        body.appendByte((byte) (v5 ? 5 : 4))
            .appendByte((byte) (0xc2 | WILL | willFlags))
            .appendUnsignedShort(keepAlive);
    if (v5) {
      var _ = body.appendByte((byte) 0);
    }
    text(body, ID);
    if (v5) {
      byte[] properties = HexFormat.of().parseHex(willPropertiesHex.replace(" ", ""));
      var _ = body.appendByte((byte) properties.length).appendBytes(properties);
    }
    text(body, topic);
    text(body, "gone");
    text(body, ID);
    text(body, TestRegion.SECRET);
    return Buffer.buffer()
        .appendByte((byte) 0x10)
        .appendByte((byte) ((body.length() & 0x7f) | 0x80))
        .appendByte((byte) (body.length() >> 7))
        .appendBuffer(body)
        .getBytes();
  }

  private static void text(Buffer target, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var _ = target.appendUnsignedShort(bytes.length).appendBytes(bytes);
  }

  private Event will() {
    var will = Objects.requireNonNull(region.stored.wills.get(ID));
    return EventBatch.decode(will.event()).getFirst();
  }

  private void told(WillFate fate) {
    region.await(() -> !region.stored.fates.isEmpty());
    assertThat(region.stored.fates).containsExactly(fate);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isKeptWithTheSessionBeforeTheClientIsAccepted(boolean v5) {
    try (var client = connected(v5, 0x30, "will/topic", "")) {
      assertThat(client.isV5()).isEqualTo(v5);
      var event = will();
      assertThat(event.name()).isEqualTo("will/topic");
      assertThat(event.data()).hasToString("gone");
      assertThat(event.manner().qos()).isEqualTo(2);
      assertThat(event.manner().retain()).isTrue();
      assertThat(event.id().origin()).isEqualTo(TestRegion.DEVICE);
      assertThat(region.stored.attached.getFirst().expirySeconds()).isZero();
    }
  }

  @Test
  void bearsItsDelayAndItsProperties() {
    // Delay 5 s, content type "t", user properties b=1 and a=2.
    try (var client =
        connected(true, 0, "w", "1800000005 03000174 26000162000131 26000161000132")) {
      assertThat(client.isV5()).isTrue();
      var kept = Objects.requireNonNull(region.stored.wills.get(ID));
      assertThat(kept.delaySeconds()).isEqualTo(5);
      assertThat(kept.keepAliveSeconds()).isEqualTo(60);
      assertThat(HexFormat.of().formatHex(will().manner().properties().getBytes()))
          .isEqualTo("03000174" + "26000162000131" + "26000161000132");
      assertThat(will().manner().retain()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isDueWhenTheConnectionIsLost(boolean v5) {
    connected(v5, 0, "w", "").close();
    told(WillFate.DUE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isDiscardedWhenTheClientTakesItsLeave(boolean v5) {
    try (var client = connected(v5, 0, "w", "")) {
      client.sendHex("e0 00");
      told(WillFate.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoHasNoneLeavesNone(boolean v5) {
    var client = RawClient.open(gateway.mqttPort(), v5);
    client.send(client.connect(ID, ID, TestRegion.SECRET, 60, false, v5 ? "1100000e10" : ""));
    assertThat(client.read(CONNACK).u8(1)).isZero();
    client.close();

    told(WillFate.NONE);
    assertThat(region.stored.wills).isEmpty();
    assertThat(region.relay.events).isEmpty();
  }

  @Test
  void isDueWhenTheClientAsksForItInItsDisconnect() {
    try (var client = connected(true, 0, "w", "")) {
      client.send(client.disconnect(0x04, ""));
      told(WillFate.DUE);
    }
  }

  @Test
  void isDueAfterAViolationOfTheProtocol() {
    try (var client = connected(true, 0, "w", "")) {
      client.sendHex("00 00");
      told(WillFate.DUE);
    }
  }

  @Test
  void isDueWhenTheClientFallsSilent() {
    try (var client = RawClient.open(gateway.mqttPort(), false)) {
      client.send(connect(false, 0, "w", "", 1));
      assertThat(client.read(CONNACK).u8(1)).isZero();
      told(WillFate.DUE);
    }
  }

  @Test
  void whoTakesTheSessionOverComesBehindTheWill() {
    try (var first = connected(true, 0, "w", "")) {
      // Neither a will nor anything kept: it is attached all the same.
      try (var second = RawClient.device(gateway.mqttPort(), true)) {
        assertThat(first.endsWith(0x8e)).isTrue();
        assertThat(second.isQuiet()).isTrue();
        assertThat(region.stored.fates).containsExactly(WillFate.DUE);
        assertThat(region.stored.attached).hasSize(2);
        assertThat(region.stored.attached.getLast().cleanStart()).isTrue();
      }
    }
  }

  @Test
  void isDeferredWhenTheGatewaySendsItsClientsAway() {
    try (var client = connected(true, 0, "w", "")) {
      var _ = gateway.drain(Duration.ofSeconds(2));
      assertThat(client.closes()).isTrue();
      told(WillFate.DEFERRED);
    }
  }

  @Test
  void aTopicThatReachesNobodyNeedsNoWill() {
    try (var client = connected(true, 0, "$SYS/w", "")) {
      assertThat(client.isQuiet()).isTrue();
      assertThat(region.stored.attached).isEmpty();
    }
  }
}
