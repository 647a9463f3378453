package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest.State;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions that outlive their connection, over real sockets; relay and log of sessions are fakes.
 */
class PersistentSessionIT {
  private static final String ID = "dashboard";
  private static final String KEY = TestRegion.OWNER + "/" + ID;

  /** Session expiry interval: 3,600 s. */
  private static final String AN_HOUR = "1100000e10";

  private static final int PRESENT = 1;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private record Connected(RawClient client, RawClient.Packet connack) implements AutoCloseable {
    boolean present() {
      return connack.u8(0) == PRESENT;
    }

    @Override
    public void close() {
      client.close();
    }
  }

  private Connected kept(boolean v5) {
    return kept(port, v5, false);
  }

  private static Connected kept(int port, boolean v5, boolean clean) {
    var client = RawClient.open(port, v5);
    client.send(client.connect(ID, "token", TestRegion.TOKEN, 60, clean, v5 ? AN_HOUR : ""));
    return new Connected(client, client.read(CONNACK));
  }

  private static void subscribe(RawClient client, String filter) {
    client.send(client.subscribe(1, 1, filter));
    var suback = client.read(SUBACK);
    assertThat(suback.u8(client.isV5() ? 3 : 2)).isEqualTo(1);
  }

  private void publish(String topic, int from, int to) {
    try (var device = RawClient.device(port, false)) {
      for (int i = from; i < to; i++) {
        device.send(device.publish(1, topic, Integer.toString(i)));
        assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
      }
    }
  }

  private static List<String> take(RawClient client, int count, boolean acknowledges) {
    var payloads = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var event = client.read(PUBLISH);
      payloads.add(event.payload(client.isV5()));
      if (acknowledges) {
        client.send(client.puback(event.publishId()));
      }
    }
    return payloads;
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientFindsItsSubscriptionsAndWhatItDidNotAcknowledge(boolean v5) {
    try (var first = kept(v5)) {
      assertThat(first.present()).isFalse();
      subscribe(first.client(), "t/+");
      publish("t/x", 0, 3);
      assertThat(take(first.client(), 3, false)).isEqualTo(numbers(0, 3));
    }
    region.await(() -> region.stored.get(KEY).state() == State.LEFT);
    publish("t/x", 3, 5);
    publish("other", 7, 8);

    try (var second = kept(v5)) {
      assertThat(second.present()).isTrue();
      assertThat(take(second.client(), 5, true)).isEqualTo(numbers(0, 5));
      publish("t/y", 5, 7);
      assertThat(take(second.client(), 2, true)).isEqualTo(numbers(5, 7));
      assertThat(second.client().isQuiet()).isTrue();
    }
  }

  @Test
  void whatItAcknowledgedDoesNotComeAgain() {
    try (var first = kept(true)) {
      subscribe(first.client(), "t");
      publish("t", 0, 4);
      assertThat(take(first.client(), 4, true)).isEqualTo(numbers(0, 4));
      region.await(() -> region.stored.get(KEY).state() == State.LIVE);
    }
    try (var second = kept(true)) {
      publish("t", 4, 5);
      assertThat(take(second.client(), 1, true)).containsExactly("4");
    }
  }

  @Test
  void anotherGatewayGoesOnWhileTheFirstIsNotYetMissed() {
    int other = region.gateway("b").mqttPort();
    var first = kept(true);
    subscribe(first.client(), "t");
    publish("t", 0, 2);
    assertThat(take(first.client(), 2, false)).isEqualTo(numbers(0, 2));

    try (var second = kept(other, true, false)) {
      assertThat(second.present()).isTrue();
      assertThat(take(second.client(), 2, true)).isEqualTo(numbers(0, 2));
      publish("t", 2, 4);
      assertThat(take(second.client(), 2, true)).isEqualTo(numbers(2, 4));
    }
    first.close();
  }

  @Test
  void aSlowClientFallsBehindAndGetsEverythingOnceInOrder() {
    try (var slow = kept(false)) {
      subscribe(slow.client(), "t");
      publish("t", 0, 400);

      // 100 in flight and 50 behind them; the others are read again.
      assertThat(take(slow.client(), 400, true)).isEqualTo(numbers(0, 400));
      assertThat(region.relay.reads).hasPositiveValue();
      publish("t", 400, 410);
      assertThat(take(slow.client(), 10, true)).isEqualTo(numbers(400, 410));
      assertThat(slow.client().isQuiet()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCleanStartForgetsWhatThereWas(boolean kept) {
    try (var first = kept(true)) {
      subscribe(first.client(), "t");
    }
    region.await(() -> region.stored.get(KEY).state() == State.LEFT);
    publish("t", 0, 1);
    try (var clean = RawClient.open(port, true)) {
      clean.send(clean.connect(ID, "token", TestRegion.TOKEN, 60, true, kept ? AN_HOUR : ""));
      assertThat(clean.read(CONNACK).u8(0)).isZero();
      assertThat(clean.isQuiet()).isTrue();
    }
    if (kept) {
      region.await(() -> region.stored.get(KEY).filters().isEmpty());
    } else {
      region.await(() -> !region.stored.sessions.containsKey(KEY));
    }
  }

  @Test
  void withoutAnExpiryItEndsWithTheConnection() {
    try (var client = RawClient.open(port, true)) {
      client.send(client.connect(ID, "token", TestRegion.TOKEN, 60, false, ""));
      assertThat(client.read(CONNACK).u8(0)).isZero();
      subscribe(client, "t");
    }
    region.await(() -> !region.stored.sessions.containsKey(KEY));
  }

  @Test
  void tellsForHowLongTheSessionIsKept() {
    try (var client = RawClient.open(port, true)) {
      client.send(client.connect(ID, "token", TestRegion.TOKEN, 60, false, "11ffffffff"));
      long week = TestRegion.MAX_SESSION_EXPIRY.toSeconds();
      assertThat(client.read(CONNACK).hex()).contains("11%08x".formatted(week));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesAClientWhoseSessionCannotBeHad(boolean v5) {
    region.stored.answersAttach(new SessionsReply.Unknown("no majority"));
    try (var client = kept(v5)) {
      assertThat(client.connack().u8(1)).isEqualTo(v5 ? 0x88 : 3);
    }
    region.stored.answersAttach(new SessionsReply.Full());
    try (var client = kept(v5)) {
      assertThat(client.connack().u8(1)).isEqualTo(v5 ? 0x97 : 3);
    }
    // Who wants nothing kept needs no log of sessions.
    RawClient.device(port, v5).close();
  }
}
