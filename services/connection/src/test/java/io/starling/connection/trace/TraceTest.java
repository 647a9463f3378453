package io.starling.connection.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.connection.wire.Packet;
import io.starling.connection.wire.Properties;
import io.starling.connection.wire.Property;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String DEVICE = "0123456789abcdef01234567";

  private final AtomicLong nanos = new AtomicLong();
  private final Traces traces = new Traces("n1", () -> Instant.EPOCH);
  private final Tap tap = new Tap(traces, "n1-0");

  private static Asked asked(String... namesAndValues) {
    var parameters = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Asked.of(parameters);
  }

  private Trace trace(Asked asked, DoubleSupplier random) {
    return new Trace(asked, nanos::get, random, () -> {});
  }

  private Trace begun(String... namesAndValues) {
    var trace = trace(asked(namesAndValues), () -> 0);
    assertThat(traces.begin(trace)).isTrue();
    return trace;
  }

  private static List<JsonObject> lines(Trace trace) {
    var lines = new ArrayList<JsonObject>();
    for (var line = trace.next(); line != null; line = trace.next()) {
      lines.add(new JsonObject(line));
    }
    return lines;
  }

  private static Properties secrets() {
    return Properties.builder()
        .text(Property.CONTENT_TYPE, "SECRET")
        .user("SECRET-NAME", "SECRET-VALUE")
        .build();
  }

  private static Packet.Publish publish(String topic) {
    return new Packet.Publish(false, 1, false, topic, 7, secrets(), Buffer.buffer("SECRET"));
  }

  @Test
  void aLineTellsOfAPacketWhatIsNoSecret() {
    var trace = begun("device", DEVICE);
    tap.received(DEVICE, publish("home/temp"), 33);

    assertThat(lines(trace))
        .containsExactly(
            new JsonObject()
                .put("time", "1970-01-01T00:00:00Z")
                .put("node", "n1")
                .put("gateway", "n1-0")
                .put("client", DEVICE)
                .put("direction", "in")
                .put("type", "publish")
                .put("topic", "home/temp")
                .put("qos", 1)
                .put("packet_id", 7)
                .put("bytes", 33));
  }

  @Test
  void noSecretStandsInAnyLine() {
    var trace = begun("device", "app");
    var will = new Packet.Will("SECRET", Buffer.buffer("SECRET"), 1, false, secrets());
    List<Packet> packets =
        List.of(
            new Packet.Connect(
                5, true, 60, secrets(), "app", will, "SECRET", Buffer.buffer("SECRET")),
            new Packet.Connack(false, 0, secrets()),
            publish("a"),
            new Packet.Puback(1, 0x10, secrets()),
            new Packet.Pubrec(1, 0, secrets()),
            new Packet.Pubrel(1, 0, secrets()),
            new Packet.Pubcomp(1, 0, secrets()),
            new Packet.Subscribe(
                1, secrets(), List.of(new Packet.Filter("a/#", 1, false, false, 0))),
            new Packet.Suback(1, secrets(), List.of(1)),
            new Packet.Unsubscribe(1, secrets(), List.of("a/#")),
            new Packet.Unsuback(1, secrets(), List.of(0)),
            new Packet.Pingreq(),
            new Packet.Pingresp(),
            new Packet.Disconnect(0x8e, secrets()),
            new Packet.Auth(0x18, secrets()));
    packets.forEach(packet -> tap.received("app", packet, 2));
    packets.forEach(packet -> tap.sent("app", packet, 2));

    var lines = lines(trace);
    assertThat(lines).hasSize(2 * packets.size());
    assertThat(lines.toString()).doesNotContain("SECRET").contains("0x8e", "0x10", "a/#");
  }

  @Test
  void aTraceByTopicShowsItsMessagesOfWhomeverAndNothingElse() {
    var trace = begun("topic", "home/+");
    tap.received("one", publish("home/temp"), 33);
    tap.received("one", publish(""), "home/alias", 33);
    tap.published("two", "home/temp", 2, 9, 30);
    tap.published("two", "garden/temp", 2, 9, 30);
    tap.sent("two", new Packet.Pingresp(), 2);

    assertThat(lines(trace).stream().map(line -> line.getString("topic")))
        .containsExactly("home/temp", "home/alias", "home/temp");
  }

  @Test
  void anAppIsFoundByItsClientIdWithOrWithoutItsAccount() {
    var plain = begun("device", "my-app");
    var whole = begun("device", DEVICE + "/my-app");
    tap.lost(DEVICE + "/my-app");
    tap.lost(DEVICE + "/not-my-app");

    assertThat(lines(plain)).hasSize(1);
    assertThat(lines(whole)).hasSize(1);
  }

  @Test
  void showsTheShareThatIsWantedAndCountsTheRest() {
    var turn = new AtomicInteger();
    var trace =
        trace(asked("device", DEVICE, "sample", "0.25"), () -> turn.getAndIncrement() % 4 / 4.0);
    assertThat(traces.begin(trace)).isTrue();
    for (int i = 0; i < 100; i++) {
      tap.lost(DEVICE);
    }
    assertThat(trace.counts()).isEqualTo(new Trace.Counts(25, 75, 0, 0));
    assertThat(trace.counts().lost()).isZero();
  }

  @Test
  void leavesOutWhatIsTooMuchForASecondAndCountsIt() {
    var trace = begun("device", DEVICE);
    for (int i = 0; i < Trace.LINES_PER_SECOND + 3; i++) {
      tap.lost(DEVICE);
    }
    assertThat(trace.counts()).isEqualTo(new Trace.Counts(Trace.LINES_PER_SECOND, 0, 3, 0));

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    tap.lost(DEVICE);
    assertThat(trace.counts().shown()).isEqualTo(Trace.LINES_PER_SECOND + 1);
  }

  @Test
  void whoDoesNotReadLosesLinesAndIsTold() {
    var trace = begun("device", DEVICE);
    for (int i = 0; i < Trace.MOST_UNREAD + 5; i++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      tap.lost(DEVICE);
    }
    assertThat(trace.counts()).isEqualTo(new Trace.Counts(Trace.MOST_UNREAD, 0, 0, 5));
    assertThat(new JsonObject(traces.status(trace, "goes on")).getInteger("dropped_slow_reader"))
        .isEqualTo(5);
    assertThat(lines(trace)).hasSize(Trace.MOST_UNREAD);
  }

  @Test
  void thereAreFourAtOnceAtMostAndNoneCostsNothing() {
    assertThat(tap.isOn()).isFalse();
    var first = begun("device", "1");
    for (int i = 1; i < Traces.MOST; i++) {
      var _ = begun("device", "1");
    }
    assertThat(traces.begin(trace(asked("device", "1"), () -> 0))).isFalse();

    traces.end(first);
    traces.end(first);
    var last = begun("device", "1");
    assertThat(tap.isOn()).isTrue();
    tap.lost("1");
    assertThat(lines(last)).hasSize(1);
    assertThat(lines(first)).isEmpty();
  }

  @Test
  void isOverByItself() {
    var trace = begun("device", DEVICE, "minutes", "2");
    nanos.addAndGet(Duration.ofMinutes(2).toNanos() - 1);
    assertThat(trace.isOver()).isFalse();
    nanos.addAndGet(1);
    assertThat(trace.isOver()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "device=",
        "device=a&topic=b",
        "topic=a%23b",
        "device=a&minutes=0",
        "device=a&minutes=61",
        "device=a&minutes=x",
        "device=a&sample=0",
        "device=a&sample=1.1",
        "device=a&sample=NaN",
        "device=a&sample=x",
        "device=a&device=b",
        "device=a&payload=yes"
      })
  void refusesWhatCannotBeMeant(String query) {
    var parameters = MultiMap.caseInsensitiveMultiMap();
    for (String one : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] pair = one.split("=", -1);
      parameters.add(pair[0], pair[1].replace("%23", "#"));
    }
    assertThatThrownBy(() -> Asked.of(parameters)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "::1, ::1, true",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.4, 10.1.2.3, false",
    "2001:db8::1, 2001:db8::2, false",
    "2001:db8::1, 2001:db8:0::1, true"
  })
  void onlyThisMachineMayLookOn(String remote, String local, boolean may) {
    assertThat(
            Caller.isHere(
                SocketAddress.inetSocketAddress(5000, remote),
                SocketAddress.inetSocketAddress(9090, local)))
        .isEqualTo(may);
  }

  @Test
  void whoeverHasNoAddressIsElsewhere() {
    assertThat(Caller.isHere(null, null)).isFalse();
    assertThat(Caller.isHere(SocketAddress.domainSocketAddress("/x"), null)).isFalse();
  }
}
