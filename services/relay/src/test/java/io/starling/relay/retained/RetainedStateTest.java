package io.starling.relay.retained;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.journal.Position;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetainedStateTest {
  private static final AccountId ANN = AccountId.of("0123456789abcdef01234567");
  private static final AccountId BOB = AccountId.of("fedcba9876543210fedcba98");
  private static final DeviceId ONE = DeviceId.of("000000000000000000000001");
  private static final DeviceId TWO = DeviceId.of("000000000000000000000002");

  private final RetainedState state = new RetainedState();

  private static Event event(
      DeviceId device, Origin origin, long epoch, long sequence, String topic, String data) {
    return new Event(
        new EventId(device, epoch, sequence),
        origin,
        ANN,
        0,
        topic,
        Buffer.buffer(data),
        EventClass.NORMAL,
        1_000,
        new Event.Manner(
            1, true, data.startsWith("short") ? 5 : Event.Manner.NEVER, Buffer.buffer()));
  }

  private static Event event(DeviceId device, long epoch, long sequence, String data) {
    return event(device, Origin.DEVICE, epoch, sequence, "t", data);
  }

  private void keep(Event... events) {
    var batch = Buffer.buffer();
    for (var event : events) {
      EventBatch.write(batch, event);
    }
    apply(new RetainedRecord.Keep(batch));
  }

  private void apply(RetainedRecord record) {
    state.apply(Position.START, record.encode());
  }

  private @Nullable String kept(String topic) {
    var space = state.find(ANN);
    var message = space == null ? null : space.topics().get(topic);
    return message == null ? null : EventBatch.decode(message.bytes()).getFirst().data().toString();
  }

  private RetainedState copy() throws IOException {
    var bytes = new ByteArrayOutputStream();
    state.copy().writeTo(new DataOutputStream(bytes));
    var copy = new RetainedState();
    var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    copy.readFrom(in);
    assertThat(in.read()).isNegative();
    return copy;
  }

  @Test
  void theLastMessageOfATopicStaysWhoeverPublishedIt() {
    keep(event(ONE, 5, 1, "one"), event(TWO, 1, 1, "two"));
    assertThat(kept("t")).isEqualTo("two");
    assertThat(state.size()).isEqualTo(1);
  }

  @Test
  void whatIsSentAgainDoesNotTakeThePlaceOfWhatTheSameDevicePublishedLater() {
    keep(event(ONE, 5, 1, "first"), event(ONE, 5, 2, "second"), event(ONE, 5, 1, "first"));
    assertThat(kept("t")).isEqualTo("second");

    keep(event(ONE, 4, Long.MAX_VALUE, "the will of an earlier connection"));
    assertThat(kept("t")).isEqualTo("second");

    keep(event(ONE, 5, Long.MAX_VALUE, "the will of this one"));
    assertThat(kept("t")).isEqualTo("the will of this one");
  }

  @Test
  void appsOfOneGatewayAreNotOneAfterTheOther() {
    keep(event(ONE, Origin.API, 9, 7, "t", "one app"), event(ONE, Origin.API, 3, 1, "t", "other"));
    assertThat(kept("t")).isEqualTo("other");
  }

  @Test
  void withoutDataATopicHasNone() {
    keep(event(ONE, 1, 1, "x"), event(ONE, 1, 2, ""));
    assertThat(kept("t")).isNull();
    assertThat(state.spaces()).isEmpty();
    assertThat(state.size()).isZero();
    assertThat(state.bytes()).isZero();
  }

  @Test
  void whatHasExpiredIsDroppedUnlessSomethingElseIsThere() {
    keep(event(ONE, 1, 1, "short"));
    var expired = new RetainedRecord.Expired(ANN, "t", new EventId(ONE, 1, 1));
    var kept = requireNonNull(requireNonNull(state.find(ANN)).topics().get("t"));
    assertThat(kept.hasExpired(5_999)).isFalse();
    assertThat(kept.hasExpired(6_000)).isTrue();

    keep(event(ONE, 1, 2, "newer"));
    apply(new RetainedRecord.Drop(List.of(expired)));
    assertThat(kept("t")).isEqualTo("newer");

    apply(
        new RetainedRecord.Drop(
            List.of(new RetainedRecord.Expired(ANN, "t", new EventId(ONE, 1, 2)))));
    assertThat(kept("t")).isNull();
  }

  @Test
  void recordsReturnAsTheyWere() {
    var drop =
        new RetainedRecord.Drop(
            List.of(
                new RetainedRecord.Expired(ANN, "ä/\ud83d\ude00", new EventId(ONE, 1, 2)),
                new RetainedRecord.Expired(BOB, "b", new EventId(TWO, -3, 4))));
    assertThat(RetainedRecord.decode(drop.encode())).isEqualTo(drop);
    assertThatThrownBy(() -> RetainedRecord.decode(Buffer.buffer(new byte[] {2, 1})))
        .hasMessageContaining("version 2");
    assertThatThrownBy(() -> RetainedRecord.decode(Buffer.buffer(new byte[] {1, 3})))
        .hasMessageContaining("record 3");
  }

  @Test
  void anAccountThatHasAsManyAsItMayIsFullAndCanStillRemove() {
    var limits = new RetainedLimits(10, 1 << 20, 2, 1 << 20);
    for (String topic : List.of("a", "b")) {
      keep(event(ONE, Origin.DEVICE, 1, 1, topic, "x"));
    }
    var another = EventBatch.encode(event(ONE, Origin.DEVICE, 1, 2, "c", "x"));
    assertThat(limits.full(another, state)).containsExactly(ANN);
    assertThat(RetainedLimits.without(List.of(ANN), another).length()).isZero();

    var same = EventBatch.encode(event(ONE, Origin.DEVICE, 1, 3, "a", "y"));
    assertThat(limits.full(same, state)).isEmpty();
    var none = EventBatch.encode(event(ONE, Origin.DEVICE, 1, 4, "a", ""));
    assertThat(limits.full(none, state)).isEmpty();
    assertThat(RetainedLimits.without(List.of(ANN), none)).isEqualTo(none);
  }

  @Test
  void isWhatAMapSaysAndASnapshotSaysTheSame() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    var model = new TreeMap<String, String>();
    for (int i = 1; i <= 2_000; i++) {
      String topic = "t/" + random.nextInt(50);
      String data = random.nextInt(3) == 0 ? "" : "x".repeat(1 + random.nextInt(30)) + i;
      keep(event(random.nextBoolean() ? ONE : TWO, Origin.DEVICE, 1, i, topic, data));
      if (data.isEmpty()) {
        model.remove(topic);
      } else {
        model.put(topic, data);
      }
    }
    assertThat(state.size()).as("-Dseed=" + seed).isEqualTo(model.size());
    model.forEach((topic, data) -> assertThat(kept(topic)).as("-Dseed=" + seed).isEqualTo(data));
    var copy = copy();
    assertThat(copy.size()).isEqualTo(state.size());
    assertThat(copy.bytes()).as("-Dseed=" + seed).isEqualTo(state.bytes());
  }
}
