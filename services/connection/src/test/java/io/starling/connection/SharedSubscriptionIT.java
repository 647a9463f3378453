package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.PUBREL;
import static io.starling.connection.RawClient.SUBACK;
import static io.starling.connection.RawClient.UNSUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Interest.Share;
import io.starling.contract.Origin;
import io.starling.contract.SessionsRequest.State;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared subscriptions at one gateway (MQTT 5, section 4.8.2); relays choose the gateway. */
class SharedSubscriptionIT {
  private static final String SHARE = "$share/g/t/+";
  private static final String RECEIVE_MAXIMUM_1 = "210001";

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();
  private long sequence;

  private RawClient app(boolean v5) {
    return app(v5, "", true);
  }

  /** An app under a client id of its own. */
  private RawClient app(boolean v5, String propertiesHex, boolean clean) {
    return app("app-" + sequence++, v5, propertiesHex, clean);
  }

  private RawClient app(String clientId, boolean v5, String propertiesHex, boolean clean) {
    var app = RawClient.open(port, v5);
    app.send(app.connect(clientId, "token", TestRegion.TOKEN, 60, clean, propertiesHex));
    assertThat(app.read(CONNACK).u8(1)).isZero();
    return app;
  }

  private static int subscribe(RawClient client, int options, String filter) {
    client.send(client.subscribe(1, options, filter));
    return client.read(SUBACK).u8(client.isV5() ? 3 : 2);
  }

  private long arrives(int qos, String data) {
    return region.relay.give(
        "a-0",
        SHARE,
        new Event(
            new EventId(DeviceId.of("999999999999999999999999"), 1, sequence++),
            Origin.API,
            TestRegion.OWNER,
            7,
            "t/x",
            Buffer.buffer(data),
            EventClass.NORMAL,
            1_700_000_000_123L,
            Event.Manner.of(qos, false)));
  }

  private void isDone(long id) {
    region.await(() -> region.relay.done.contains(id));
    assertThat(region.relay.back).doesNotContain(id);
  }

  @Test
  void areOffered() {
    try (var app = RawClient.open(port, true)) {
      app.send(app.connect("x", "token", TestRegion.TOKEN));
      assertThat(app.read(CONNACK).hex()).doesNotContain("2a00");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$share/",
        "$share/g",
        "$share/g/",
        "$share//t",
        "$share/+/t",
        "$share/#",
        "$share/g#/t"
      })
  void aFilterIsANameAndAFilter(String text) {
    for (boolean v5 : new boolean[] {false, true}) {
      try (var app = app(v5)) {
        app.send(app.subscribe(7, 1, text));
        assertThat(app.closes()).as(text).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNameAndAFilterAreGranted(boolean v5) {
    try (var app = app(v5)) {
      assertThat(subscribe(app, 1, "$share/g/$SYS/#")).isEqualTo(1);
      assertThat(subscribe(app, 2, "$share/g/t")).isEqualTo(2);
      assertThat(subscribe(app, 0, "$share/g//t/+/#")).isZero();
    }
  }

  @Test
  void relaysAreToldHowManyMembersThereAreAndHowMuchTheyTake() {
    try (var one = app(true);
        var other = app(true, RECEIVE_MAXIMUM_1, true)) {
      assertThat(subscribe(one, 1, SHARE)).isEqualTo(1);
      assertThat(subscribe(other, 1, SHARE)).isEqualTo(1);
      assertThat(region.relay.sharesOf("a-0")).isEqualTo(Map.of(SHARE, new Share(2, 101)));

      one.send(one.unsubscribe(2, SHARE));
      assertThat(one.read(UNSUBACK).u8(3)).isZero();
      region.await(() -> region.relay.sharesOf("a-0").equals(Map.of(SHARE, new Share(1, 1))));
    }
    region.await(() -> region.relay.sharesOf("a-0").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void membersTakeTurnsAtTheirOwnQos(boolean v5) {
    try (var one = app(v5);
        var other = app(v5)) {
      assertThat(subscribe(one, 1, SHARE)).isEqualTo(1);
      assertThat(subscribe(other, 0, SHARE)).isZero();
      for (int i = 0; i < 4; i++) {
        var _ = arrives(2, "n" + i);
      }
      for (int i = 0; i < 2; i++) {
        var acknowledged = one.read(PUBLISH);
        assertThat(acknowledged.qos()).isEqualTo(1);
        one.send(one.puback(acknowledged.publishId()));
        assertThat(other.read(PUBLISH).qos()).isZero();
      }
      region.await(() -> region.relay.done.size() == 4);
      assertThat(one.isQuiet()).isTrue();
      assertThat(other.isQuiet()).isTrue();
    }
  }

  @Test
  void aMessageBearsTheIdentifierOfTheSharedSubscription() {
    try (var app = app(true)) {
      app.send(app.subscribeWith("0b07", 1, 1, SHARE));
      assertThat(app.read(SUBACK).u8(3)).isEqualTo(1);
      var _ = arrives(1, "x");
      assertThat(app.read(PUBLISH).properties()).isEqualTo("0b07");
    }
  }

  @Test
  void aMemberWithoutRoomIsPassedOver() {
    try (var slow = app(true, RECEIVE_MAXIMUM_1, true);
        var quick = app(true)) {
      assertThat(subscribe(slow, 1, SHARE)).isEqualTo(1);
      assertThat(subscribe(quick, 1, SHARE)).isEqualTo(1);
      for (int i = 0; i < 9; i++) {
        var _ = arrives(1, "x");
      }
      for (int i = 0; i < 8; i++) {
        var event = quick.read(PUBLISH);
        quick.send(quick.puback(event.publishId()));
      }
      assertThat(slow.read(PUBLISH).qos()).isEqualTo(1);
      assertThat(slow.isQuiet()).isTrue();
    }
  }

  @Test
  void whatWaitsComesWhenThereIsRoom() {
    try (var app = app(true, RECEIVE_MAXIMUM_1, true)) {
      assertThat(subscribe(app, 1, SHARE)).isEqualTo(1);
      var _ = arrives(1, "1");
      var _ = arrives(1, "2");
      var first = app.read(PUBLISH);
      app.send(app.puback(first.publishId()));
      assertThat(app.read(PUBLISH).payload(true)).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasNotAcknowledgedGoesToAnotherMember(boolean kept) {
    try (var other = app(true)) {
      try (var one = app(true, kept ? "1100000e10" : "", !kept)) {
        assertThat(subscribe(one, 1, SHARE)).isEqualTo(1);
        var _ = arrives(1, "1");
        var _ = arrives(1, "2");
        assertThat(one.read(PUBLISH).payload(true)).isEqualTo("1");
        assertThat(one.read(PUBLISH).payload(true)).isEqualTo("2");
        assertThat(subscribe(other, 1, SHARE)).isEqualTo(1);
      }
      for (String data : new String[] {"1", "2"}) {
        var again = other.read(PUBLISH);
        assertThat(again.payload(true)).isEqualTo(data);
        assertThat(again.duplicate()).isFalse();
        other.send(other.puback(again.publishId()));
      }
      region.await(() -> region.relay.done.size() == 2);
      assertThat(region.relay.back).isEmpty();
    }
  }

  @Test
  void whatTheLastMemberDidNotAcknowledgeGoesBackToTheRelay() {
    long acknowledged;
    long open;
    try (var one = app(false)) {
      assertThat(subscribe(one, 1, SHARE)).isEqualTo(1);
      acknowledged = arrives(1, "1");
      open = arrives(1, "2");
      var first = one.read(PUBLISH);
      assertThat(one.read(PUBLISH).payload(false)).isEqualTo("2");
      one.send(one.puback(first.publishId()));
      isDone(acknowledged);
    }
    region.await(() -> region.relay.back.contains(open));
    assertThat(region.relay.done).containsExactly(acknowledged);
    region.await(() -> region.relay.sharesOf("a-0").isEmpty());

    long late = arrives(1, "for nobody");
    region.await(() -> region.relay.back.contains(late));
  }

  @Test
  void anUnsubscribedMemberFinishesWithWhatItHas() {
    try (var one = app(true)) {
      assertThat(subscribe(one, 1, SHARE)).isEqualTo(1);
      long id = arrives(1, "1");
      var event = one.read(PUBLISH);
      one.send(one.unsubscribe(2, SHARE));
      assertThat(one.read(UNSUBACK).u8(3)).isZero();
      region.await(() -> region.relay.sharesOf("a-0").equals(Map.of(SHARE, new Share(0, 0))));
      one.send(one.puback(event.publishId()));
      isDone(id);
      region.await(() -> region.relay.sharesOf("a-0").isEmpty());
    }
  }

  @Test
  void whatAMemberRefusesNobodyElseGets() {
    try (var one = app(true);
        var other = app(true)) {
      assertThat(subscribe(one, 2, SHARE)).isEqualTo(2);
      long first = arrives(1, "1");
      long second = arrives(2, "2");
      var atOnce = one.read(PUBLISH);
      var exactly = one.read(PUBLISH);
      assertThat(subscribe(other, 2, SHARE)).isEqualTo(2);
      one.sendHex("40 04 %04x 97 00".formatted(atOnce.publishId()));
      one.sendHex("50 04 %04x 97 00".formatted(exactly.publishId()));
      isDone(first);
      isDone(second);
      assertThat(other.isQuiet()).isTrue();
    }
  }

  @Test
  void whatWasBegunAtQos2GoesToNobodyElse() {
    try (var other = app(true)) {
      long id;
      try (var one = app(true)) {
        assertThat(subscribe(one, 2, SHARE)).isEqualTo(2);
        id = arrives(2, "1");
        assertThat(one.read(PUBLISH).qos()).isEqualTo(2);
        assertThat(subscribe(other, 2, SHARE)).isEqualTo(2);
      }
      isDone(id);
      assertThat(other.isQuiet()).isTrue();
    }
  }

  @Test
  void aKeptSessionCompletesAtQos2WhatItHasBegun() {
    try (var other = app(true)) {
      int begun;
      try (var one = app("worker", true, "1100000e10", true)) {
        assertThat(subscribe(one, 2, SHARE)).isEqualTo(2);
        long id = arrives(2, "1");
        begun = one.read(PUBLISH).publishId();
        assertThat(subscribe(other, 2, SHARE)).isEqualTo(2);
        assertThat(region.relay.done).doesNotContain(id);
      }
      region.await(() -> region.relay.done.size() == 1);
      region.await(() -> region.stored.get(TestRegion.OWNER + "/worker").state() == State.LEFT);
      try (var one = app("worker", true, "1100000e10", false)) {
        var again = one.read(PUBLISH);
        assertThat(again.publishId()).isEqualTo(begun);
        assertThat(again.duplicate()).isTrue();
        assertThat(again.payload(true)).isEqualTo("1");
        one.send(one.pubrec(begun));
        assertThat(one.read(PUBREL).u16(0)).isEqualTo(begun);
        one.send(one.pubcomp(begun));
        assertThat(one.isQuiet()).isTrue();
        assertThat(other.isQuiet()).isTrue();

        // And it is a member again.
        region.await(() -> region.relay.sharesOf("a-0").equals(Map.of(SHARE, new Share(2, 200))));
      }
    }
  }

  @Test
  void aSharedSubscriptionIsOneBesideTheOthersOfItsClient() {
    try (var app = app(true);
        var device = RawClient.device(port, false)) {
      assertThat(subscribe(app, 1, "t/x")).isEqualTo(1);
      assertThat(subscribe(app, 1, SHARE)).isEqualTo(1);
      device.send(device.publish(7, "t/x", "1"));
      assertThat(app.read(PUBLISH).text()).endsWith("1");
      assertThat(app.isQuiet()).isTrue();

      var _ = arrives(1, "2");
      assertThat(app.read(PUBLISH).payload(true)).isEqualTo("2");
      assertThat(app.isQuiet()).isTrue();
    }
  }
}
