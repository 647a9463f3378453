package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.SUBACK;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventId;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retained messages at the gateway (MQTT 5, sections 3.3.1.3 and 3.8.3.1). */
class RetainedIT {
  private static final int RETAINED = 0x33;
  private static final int RETAINED_QOS_0 = 0x31;
  private static final int IF_NEW = 0x10;
  private static final int NEVER = 0x20;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private void retain(String topic, String payload) {
    try (var device = RawClient.device(port, false)) {
      device.send(device.publish(RETAINED, 1, topic, payload, ""));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
    }
  }

  private static RawClient app(int port, boolean v5) {
    return RawClient.connected(port, v5, "token", TestRegion.TOKEN);
  }

  private static void subscribe(RawClient client, int options, String filter) {
    client.send(client.subscribe(7, options, filter));
    assertThat(client.read(SUBACK).u16(0)).isEqualTo(7);
  }

  /** What comes before the answer to a ping. */
  private static List<String> comes(RawClient client, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            _ -> {
              var packet = client.read(PUBLISH);
              assertThat(packet.retain()).isTrue();
              if (packet.qos() > 0) {
                client.send(client.puback(packet.publishId()));
              }
              return packet.topic() + " " + packet.payload(client.isV5());
            })
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewSubscriptionGetsTheLastMessageOfEachTopic(boolean v5) {
    retain("a/1", "old");
    retain("a/1", "new");
    retain("a/2", "two");
    retain("b", "other");

    try (var app = app(port, v5)) {
      subscribe(app, 1, "a/+");
      assertThat(comes(app, 2)).containsExactly("a/1 new", "a/2 two");
      assertThat(app.isQuiet()).isTrue();
    }
  }

  @Test
  void whoAsksForTheSameAgainAndAgainGetsItOnceMoreAndThenTheOthers() {
    retain("a", "x");
    retain("b", "y");
    try (var app = app(port, true)) {
      var asks = new ArrayList<byte[]>(nCopies(300, app.subscribe(7, 0, "a")));
      asks.add(app.subscribe(8, 0, "b"));
      app.send(asks.toArray(byte[][]::new));

      var topics = new ArrayList<String>();
      while (!topics.contains("b")) {
        var packet = app.read();
        if (packet.type() == PUBLISH) {
          topics.add(packet.topic());
        }
      }
      assertThat(topics).containsExactly("a", "a", "b");
    }
  }

  @Test
  void aSharedSubscriptionGetsNone() {
    retain("a", "x");
    try (var app = app(port, true)) {
      subscribe(app, 1, "$share/g/a");
      subscribe(app, 1, "$share/g/a");
      assertThat(app.isQuiet()).isTrue();
    }
  }

  @Test
  void aMessageWithoutPayloadLeavesItsTopicWithoutOne() {
    retain("a", "x");
    retain("a", "");

    assertThat(region.retained.messages).isEmpty();
    assertThat(region.relay.names()).containsExactly("a", "a");
  }

  @Test
  void whatIsNotToBeRetainedLeavesWhatThereIs() {
    retain("a", "x");
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(1, "a", "y"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
    }

    assertThat(kept("a").data()).hasToString("x");
  }

  @Test
  void isKeptBeforeItIsAppendedAndNothingOvertakesIt() {
    region.retained.holds();
    try (var device = RawClient.device(port, true)) {
      device.send(
          device.publish(1, "first", "1"),
          device.publish(RETAINED, 2, "second", "2", ""),
          device.publish(3, "third", "3"),
          device.publish(RETAINED_QOS_0, 0, "fourth", "4", ""));
      region.await(() -> region.retained.held() == 1);
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
      assertThat(region.relay.names()).containsExactly("first");

      region.retained.release();

      assertThat(device.read(PUBACK).u16(0)).isEqualTo(2);
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(3);
      region.await(() -> region.relay.names().size() == 4);
      assertThat(region.relay.names()).containsExactly("first", "second", "third", "fourth");
    }
  }

  @Test
  void isRefusedWhenTheAccountHasAsManyAsItMay() {
    region.retained.full.add(TestRegion.OWNER);
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(RETAINED, 1, "a", "x", ""), device.publish(2, "b", "y"));

      var refused = device.read(PUBACK);
      assertThat(refused.u16(0)).isEqualTo(1);
      assertThat(refused.u8(2)).isEqualTo(0x97);
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(2);
      assertThat(region.relay.names()).containsExactly("b");
    }
  }

  @Test
  void retainHandlingSaysWhetherTheyCome() {
    retain("a", "x");
    try (var app = app(port, true)) {
      subscribe(app, 1 | NEVER, "a");
      subscribe(app, 1 | IF_NEW, "a");
      assertThat(app.isQuiet()).isTrue();

      subscribe(app, 1, "a");
      assertThat(comes(app, 1)).containsExactly("a x");

      subscribe(app, 1 | IF_NEW, "+");
      assertThat(comes(app, 1)).containsExactly("a x");
    }
  }

  @Test
  void comesWithTheLowerQosAndTheSubscriptionsIdentifier() {
    retain("a", "x");
    try (var app = app(port, true)) {
      app.send(app.subscribeWith("0b09", 7, 0, "a"));
      assertThat(app.read(SUBACK).u16(0)).isEqualTo(7);

      var packet = app.read(PUBLISH);
      assertThat(packet.qos()).isZero();
      assertThat(packet.retain()).isTrue();
      assertThat(packet.hex()).contains("0b09");
    }
  }

  @Test
  void whatCameLiveMeanwhileIsNotOvertakenByWhatWasKeptBefore() {
    retain("a", "old");
    region.retained.holds();
    try (var app = app(port, true)) {
      subscribe(app, 1, "a");
      region.await(() -> region.retained.held() == 1);
      region.relay.sendLive("a-0", 0, newer());
      assertThat(app.read(PUBLISH).payload(true)).isEqualTo("new");

      region.retained.release();

      assertThat(app.isQuiet()).isTrue();
    }
  }

  private Event kept(String topic) {
    return Objects.requireNonNull(region.retained.messages.get(topic));
  }

  private Buffer newer() {
    var kept = kept("a");
    return EventBatch.encode(
        new Event(
            new EventId(kept.id().origin(), kept.id().epoch(), 99),
            kept.origin(),
            kept.account(),
            kept.product(),
            "a",
            Buffer.buffer("new"),
            kept.eventClass(),
            kept.publishedAtMillis(),
            kept.manner()));
  }

  @Test
  void manyComeAsTheClientTakesThem() {
    for (int i = 0; i < 60; i++) {
      retain("many/" + (10 + i), "x");
    }
    try (var app = RawClient.open(port, true)) {
      // Receive maximum 2.
      app.send(app.connect("slow", "token", TestRegion.TOKEN, 60, "210002"));
      assertThat(app.read(CONNACK).u8(1)).isZero();
      subscribe(app, 1, "many/#");

      assertThat(comes(app, 60)).doesNotHaveDuplicates().hasSize(60);
    }
  }

  @Test
  void aSubscriptionThatIsGoneGetsNothingMore() {
    retain("a/1", "x");
    region.retained.holds();
    try (var app = app(port, true)) {
      subscribe(app, 1, "a/#");
      region.await(() -> region.retained.held() == 1);
      app.send(app.unsubscribe(8, "a/#"));
      assertThat(app.read().type()).isEqualTo(11);

      region.retained.release();

      assertThat(app.isQuiet()).isTrue();
    }
  }
}
