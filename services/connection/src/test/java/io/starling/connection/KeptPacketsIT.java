package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBCOMP;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.PUBREC;
import static io.starling.connection.RawClient.PUBREL;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.SessionsRequest.State;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was under way when a connection ended goes on over the next one, whichever gateway that
 * comes to (MQTT 5, section 4.4).
 */
class KeptPacketsIT {
  private static final String ID = "dashboard";
  private static final String KEY = TestRegion.OWNER + "/" + ID;
  private static final String AN_HOUR = "1100000e10";
  private static final int QOS_2 = 0x34;
  private static final int QOS_2_AGAIN = 0x3c;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private RawClient kept(int at, boolean present, String properties) {
    var client = RawClient.open(at, true);
    client.send(client.connect(ID, "token", TestRegion.TOKEN, 60, false, AN_HOUR + properties));
    var connack = client.read(CONNACK);
    assertThat(connack.u8(1)).isZero();
    assertThat(connack.u8(0)).isEqualTo(present ? 1 : 0);
    return client;
  }

  private RawClient kept(boolean present) {
    return kept(port, present, "");
  }

  private static void subscribe(RawClient client, String properties, int options, String filter) {
    client.send(client.subscribeWith(properties, 1, options, filter));
    assertThat(client.read(SUBACK).u8(3)).isEqualTo(options & 3);
  }

  private void left() {
    region.await(() -> region.stored.get(KEY).state() == State.LEFT);
  }

  private void publish(int qos, String... payloads) {
    try (var device = RawClient.device(port, false)) {
      for (String payload : payloads) {
        device.send(device.publish(0x30 | (qos << 1), 1, "t", payload, ""));
        assertThat(device.read(qos == 2 ? PUBREC : PUBACK).u16(0)).isEqualTo(1);
        if (qos == 2) {
          device.send(device.pubrel(1));
          assertThat(device.read(PUBCOMP).u16(0)).isEqualTo(1);
        }
      }
    }
  }

  private static List<RawClient.Packet> take(RawClient client, int count) {
    var packets = new ArrayList<RawClient.Packet>();
    for (int i = 0; i < count; i++) {
      packets.add(client.read(PUBLISH));
    }
    return packets;
  }

  @Test
  void aMessageOfWhichTheClientDoesNotKnowThatItWasReceivedIsNotPublishedTwice() {
    try (var client = kept(false)) {
      client.send(client.publish(QOS_2, 7, "t", "x", ""), client.publish(QOS_2, 8, "t", "y", ""));
      assertThat(client.read(PUBREC).u16(0)).isEqualTo(7);
      assertThat(client.read(PUBREC).u16(0)).isEqualTo(8);
      client.send(client.pubrel(8));
      assertThat(client.read(PUBCOMP).u16(0)).isEqualTo(8);
    }
    left();
    int other = region.gateway("b").mqttPort();
    try (var client = RawClient.open(other, true)) {
      // Behind CONNECT at once, as embedded clients do it.
      client.send(
          client.connect(ID, "token", TestRegion.TOKEN, 60, false, AN_HOUR),
          client.publish(QOS_2_AGAIN, 7, "t", "x", ""),
          client.publish(QOS_2, 8, "t", "z", ""));
      assertThat(client.read(CONNACK).u8(0)).isEqualTo(1);
      assertThat(client.read(PUBREC).hex()).isEqualTo("0007");
      assertThat(client.read(PUBREC).hex()).isEqualTo("0008");
      client.send(client.pubrel(7));
      assertThat(client.read(PUBCOMP).hex()).isEqualTo("0007");
      assertThat(region.relay.events)
          .extracting(event -> event.data().toString())
          .containsExactly("x", "y", "z");
    }
  }

  @Test
  void whatIsCommittedAfterTheEndOfTheConnectionIsNotPublishedTwice() {
    region.relay.holds();
    try (var client = kept(false)) {
      client.send(client.publish(QOS_2, 7, "t", "x", ""));
      region.await(() -> region.relay.held.size() == 1);
    }
    region.relay.commits();
    region.relay.release();
    left();
    try (var client = kept(true)) {
      client.send(client.publish(QOS_2_AGAIN, 7, "t", "x", ""));
      assertThat(client.read(PUBREC).hex()).isEqualTo("0007");
      assertThat(region.relay.events).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasNotAcknowledgedComesAgainUnderItsPacketId(boolean elsewhere) {
    List<RawClient.Packet> first;
    try (var client = kept(false)) {
      subscribe(client, "0b05", 2, "t");
      publish(2, "0", "1", "2", "3");
      publish(1, "4");
      first = take(client, 5);
      // 0 is not answered, 1 is received, 2 is complete, 3 and 4 are not answered.
      client.send(client.pubrec(first.get(1).publishId()), client.pubrec(first.get(2).publishId()));
      assertThat(client.read(PUBREL).u16(0)).isEqualTo(first.get(1).publishId());
      assertThat(client.read(PUBREL).u16(0)).isEqualTo(first.get(2).publishId());
      client.send(client.pubcomp(first.get(2).publishId()), client.ping());
      assertThat(client.read(RawClient.PINGRESP)).isNotNull();
    }
    left();
    publish(2, "5");
    int at = elsewhere ? region.gateway("b").mqttPort() : port;
    try (var client = kept(at, true, "")) {
      assertThat(client.read(PUBREL).u16(0)).isEqualTo(first.get(1).publishId());
      var again = take(client, 4);
      assertThat(again)
          .extracting(packet -> packet.payload(true))
          .containsExactly("0", "3", "4", "5");
      assertThat(again)
          .extracting(RawClient.Packet::duplicate)
          .containsExactly(true, true, true, false);
      assertThat(again).extracting(RawClient.Packet::qos).containsExactly(2, 2, 1, 2);
      assertThat(again.subList(0, 3))
          .extracting(RawClient.Packet::publishId)
          .containsExactly(
              first.get(0).publishId(), first.get(3).publishId(), first.get(4).publishId());
      assertThat(again).allSatisfy(one -> assertThat(one.properties()).startsWith("0b05"));
      int next = again.get(3).publishId();
      assertThat(next)
          .isNotIn(
              first.get(0).publishId(),
              first.get(1).publishId(),
              first.get(3).publishId(),
              first.get(4).publishId());
      assertThat(client.isQuiet()).isTrue();

      for (var one : again) {
        boolean exactlyOnce = one.qos() == 2;
        client.send(exactlyOnce ? client.pubrec(one.publishId()) : client.puback(one.publishId()));
        if (exactlyOnce) {
          assertThat(client.read(PUBREL).u16(0)).isEqualTo(one.publishId());
          client.send(client.pubcomp(one.publishId()));
        }
      }
      client.send(client.pubcomp(first.get(1).publishId()));
      publish(2, "6");
      assertThat(client.read(PUBLISH).payload(true)).isEqualTo("6");
    }
  }

  @Test
  void aClientThatTakesOneAtATimeGoesOnWhereItStopped() {
    int stopped;
    try (var client = kept(port, false, "210001")) {
      subscribe(client, "", 2, "t");
      publish(2, "0", "1", "2");
      var zero = client.read(PUBLISH);
      client.send(client.pubrec(zero.publishId()));
      assertThat(client.read(PUBREL).u16(0)).isEqualTo(zero.publishId());
      client.send(client.pubcomp(zero.publishId()));
      stopped = client.read(PUBLISH).publishId();
    }
    left();
    try (var client = kept(port, true, "210001")) {
      for (int i = 1; i <= 2; i++) {
        var event = client.read(PUBLISH);
        assertThat(event.payload(true)).isEqualTo(Integer.toString(i));
        assertThat(event.duplicate()).isEqualTo(i == 1);
        if (i == 1) {
          assertThat(event.publishId()).isEqualTo(stopped);
        }
        assertThat(client.isQuiet()).isTrue();
        client.send(client.pubrec(event.publishId()));
        assertThat(client.read(PUBREL).u16(0)).isEqualTo(event.publishId());
        client.send(client.pubcomp(event.publishId()));
      }
    }
  }

  @Test
  void whoeverComesAgainBeforeItIsMissedFindsWhatWasUnderWay() {
    try (var first = kept(false)) {
      subscribe(first, "", 2, "t");
      publish(2, "0", "1");
      var packets = take(first, 2);
      first.send(first.pubrec(packets.get(1).publishId()));
      assertThat(first.read(PUBREL).u16(0)).isEqualTo(packets.get(1).publishId());
      try (var second = kept(true)) {
        assertThat(first.endsWith(0x8e)).isTrue();
        assertThat(second.read(PUBREL).u16(0)).isEqualTo(packets.get(1).publishId());
        var again = second.read(PUBLISH);
        assertThat(again.payload(true)).isEqualTo("0");
        assertThat(again.publishId()).isEqualTo(packets.get(0).publishId());
        assertThat(second.isQuiet()).isTrue();
      }
    }
  }

  @Test
  void whoLeavesBeforeItIsServedFindsItTheNextTime() {
    try (var first = kept(false)) {
      subscribe(first, "", 2, "t");
      publish(2, "0");
      assertThat(first.read(PUBLISH).payload(true)).isEqualTo("0");
    }
    left();
    var gate = region.stored.holdsAttach();
    try (var hasty = RawClient.open(port, true)) {
      hasty.send(hasty.connect(ID, "token", TestRegion.TOKEN, 60, false, AN_HOUR));
      region.await(() -> region.stored.waiting() == 1);
    }
    // Once this is acknowledged, the same event loop has seen that the other client is gone.
    publish(2, "1");
    gate.complete();
    left();
    try (var client = kept(true)) {
      var packets = take(client, 2);
      assertThat(packets).extracting(packet -> packet.payload(true)).containsExactly("0", "1");
      assertThat(packets).extracting(RawClient.Packet::duplicate).containsExactly(true, false);
    }
  }

  @Test
  void retainedMessagesThatWereNotAcknowledgedComeAgain() {
    try (var device = RawClient.device(port, false)) {
      for (int i = 0; i < 10; i++) {
        device.send(device.publish(0x33, 1, "r/" + i, "x", ""));
        assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
      }
    }
    try (var client = kept(port, false, "210004")) {
      subscribe(client, "", 1, "r/#");
      var first = take(client, 4);
      client.send(client.puback(first.getFirst().publishId()));
      assertThat(client.read(PUBLISH).topic()).isEqualTo("r/4");
    }
    left();
    int other = region.gateway("b").mqttPort();
    try (var client = kept(other, true, "210004")) {
      for (int i = 1; i < 10; i++) {
        var next = client.read(PUBLISH);
        assertThat(next.topic()).isEqualTo("r/" + i);
        assertThat(next.retain()).isTrue();
        client.send(client.puback(next.publishId()));
      }
      assertThat(client.isQuiet()).isTrue();
    }
    left();
    try (var client = kept(true)) {
      assertThat(client.isQuiet()).isTrue();
    }
  }

  @Test
  void whatExpiresWhileItIsUnderWayComesAgain() {
    try (var client = kept(false)) {
      subscribe(client, "", 2, "t");
      client.send(client.publish(0x34, 1, "t", "x", "0200000003"));
      var first = client.read();
      assertThat(first.type() == PUBLISH ? client.read(PUBREC) : client.read(PUBLISH)).isNotNull();
    }
    left();
    long published = region.relay.events.getFirst().publishedAtMillis();
    region.await(() -> System.currentTimeMillis() > published + 3_000);
    try (var client = kept(true)) {
      var again = client.read(PUBLISH);
      assertThat(again.duplicate()).isTrue();
      assertThat(again.properties()).isEqualTo("0200000000");
    }
  }

  @Test
  void whatIsNotToldIsNotKnown() {
    try (var client = kept(false)) {
      subscribe(client, "", 2, "t");
      publish(1, "0");
      assertThat(client.read(PUBLISH).duplicate()).isFalse();
    }
    left();
    assertThat(region.stored.get(KEY).underWay().length()).isPositive();
    // As after the death of a gateway.
    var known = region.stored.get(KEY);
    region.stored.sessions.put(
        KEY,
        new FakeSessions.Stored(
            known.epoch(), known.state(), known.filters(), known.at(), Buffer.buffer(), 3_600));
    try (var client = kept(true)) {
      var event = client.read(PUBLISH);
      assertThat(event.payload(true)).isEqualTo("0");
      assertThat(event.duplicate()).isFalse();
    }
  }

  @Test
  void aSubscriptionIsKeptWithAllItsOptions() {
    try (var client = kept(false)) {
      subscribe(client, "0b8002", 2 | 4 | 8, "t");
    }
    left();
    try (var client = kept(true);
        var device = RawClient.device(port, false)) {
      client.send(client.publish(0x30, 0, "t", "mine", ""));
      device.send(device.publish(0x35, 1, "t", "x", ""));
      var event = client.read(PUBLISH);
      assertThat(event.payload(true)).isEqualTo("x");
      assertThat(event.retain()).isTrue();
      assertThat(event.qos()).isEqualTo(2);
      assertThat(event.properties()).startsWith("0b8002");
    }
  }

  @Test
  void aClientMayChangeInTheEndForHowLongItsSessionIsKept() {
    try (var client = kept(false)) {
      client.send(client.disconnect(0, "1100000007"));
      assertThat(client.ends()).isTrue();
    }
    left();
    assertThat(region.stored.get(KEY).expirySeconds()).isEqualTo(7);
    try (var client = kept(true)) {
      client.send(client.disconnect(4, "1100000000"));
      assertThat(client.ends()).isTrue();
    }
    region.await(() -> !region.stored.sessions.containsKey(KEY));
  }
}
