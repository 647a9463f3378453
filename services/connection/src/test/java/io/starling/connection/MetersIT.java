package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.PUBREL;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway counts of what its clients say and hear. */
class MetersIT {
  private static final String ONE_AT_A_TIME = "210001";

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private int port;
  private int sequence;

  @BeforeEach
  void start() {
    port = region.gateway("a").mqttPort();
  }

  /** An event of another device, as a relay sends it. */
  private void arrives() {
    arrives(1);
  }

  private void arrives(int qos) {
    var event =
        new Event(
            new EventId(DeviceId.of("999999999999999999999999"), 1, ++sequence),
            Origin.DEVICE,
            TestRegion.OWNER,
            7,
            "a",
            Buffer.buffer("x"),
            EventClass.NORMAL,
            1_700_000_000_123L,
            Event.Manner.of(qos, false));
    region.relay.sendLive("a-0", 0, EventBatch.encode(event));
  }

  private double traffic(String meter, String direction, String type) {
    return region
        .metrics
        .registry()
        .get(meter)
        .tags("gateway", "a-0", "direction", direction, "type", type)
        .functionCounter()
        .count();
  }

  private long times(String latency, String tag, String value) {
    return region.metrics.registry().get(latency).tag(tag, value).timer().count();
  }

  @Test
  void countsPacketsAndBytesByType() {
    try (var device = RawClient.device(port, true)) {
      byte[] publish = device.publish(1, "a", "xyz");
      device.send(publish);
      var _ = device.read(PUBACK);

      assertThat(traffic("starling.mqtt.packets", "in", "connect")).isEqualTo(1);
      assertThat(traffic("starling.mqtt.packets", "out", "connack")).isEqualTo(1);
      assertThat(traffic("starling.mqtt.packets", "in", "publish")).isEqualTo(1);
      assertThat(traffic("starling.mqtt.packet.bytes", "in", "publish")).isEqualTo(publish.length);
      assertThat(traffic("starling.mqtt.packets", "out", "puback")).isEqualTo(1);
      assertThat(traffic("starling.mqtt.packet.bytes", "out", "puback")).isPositive();

      device.sendHex("30 03 0064 61");
      assertThat(device.endsWith(0x81)).isTrue();
      assertThat(traffic("starling.mqtt.packets", "in", "malformed")).isEqualTo(1);
      assertThat(traffic("starling.mqtt.packets", "out", "disconnect")).isEqualTo(1);
    }
  }

  @Test
  void countsConnectsByTheProtocolTheySpeak() {
    RawClient.device(port, false).close();
    try (var stranger = RawClient.open(port, true)) {
      stranger.send(stranger.connect("", "nobody", "x"));
      var _ = stranger.read();
    }
    assertThat(region.count("starling.mqtt.connects", "protocol", "3.1.1")).isOne();
    assertThat(region.count("starling.mqtt.connects", "protocol", "5", "result", "accepted"))
        .isZero();
    assertThat(region.count("starling.mqtt.connects", "protocol", "5")).isOne();
  }

  @Test
  void timesTheAnswerToConnect() {
    RawClient.device(port, true).close();
    assertThat(times("starling.mqtt.connack.latency", "result", "accepted")).isEqualTo(1);

    try (var stranger = RawClient.open(port, true)) {
      stranger.send(stranger.connect("", "nobody", "x"));
      var _ = stranger.read();
      assertThat(times("starling.mqtt.connack.latency", "result", "refused")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void timesAMessageUntilTheClientHasIt(int qos) {
    String tag = Integer.toString(qos);
    try (var device = RawClient.device(port, true)) {
      device.send(device.subscribe(1, qos, "#"));
      var _ = device.read(SUBACK);
      arrives(qos);
      int id = device.read(PUBLISH).publishId();
      assertThat(times("starling.mqtt.delivery.latency", "qos", tag)).isZero();
      if (qos == 1) {
        device.send(device.puback(id));
      } else {
        device.send(device.pubrec(id));
        var _ = device.read(PUBREL);
        device.send(device.pubcomp(id));
      }
      region.await(() -> times("starling.mqtt.delivery.latency", "qos", tag) == 1);
    }
  }

  @Test
  void countsWhatWaitedWhenAConnectionEnds() {
    String id = TestRegion.DEVICE.toString();
    try (var device = RawClient.open(port, true)) {
      device.send(device.connect(id, id, TestRegion.SECRET, 60, ONE_AT_A_TIME));
      var _ = device.read(CONNACK);
      device.send(device.subscribe(1, 1, "#"));
      var _ = device.read(SUBACK);
      arrives();
      arrives();
      var _ = device.read(PUBLISH);
      // Answered behind both.
      device.send(device.ping());
      var _ = device.read(PINGRESP);
    }
    region.await(
        () -> region.count("starling.mqtt.deliveries.dropped", "reason", "connection_ended") == 1);
  }

  @ParameterizedTest
  @CsvSource({"0, normal", "4, with_will", "147, receive_maximum_exceeded", "1, other"})
  void countsWhyClientsLeave(int reasonCode, String reason) {
    try (var device = RawClient.device(port, true)) {
      device.send(device.disconnect(reasonCode, ""));
      region.await(() -> region.count("starling.mqtt.departures", "reason", reason) == 1);
    }
  }
}
