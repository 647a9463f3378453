package io.starling.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventBatchTest {

  private static Event event(long sequence, EventClass eventClass, String name, String data) {
    return new Event(
        new EventId(DeviceId.of("0123456789abcdef01234567"), 0x1234_5678_9abcL, sequence),
        Origin.DEVICE,
        AccountId.of("fedcba9876543210fedcba98"),
        7,
        name,
        Buffer.buffer(data),
        eventClass,
        1_700_000_000_123L);
  }

  @Test
  void readsBackWhatWasWritten() {
    var first = event(1, EventClass.CRITICAL, "temp/größe", "21.5");
    var second = event(2, EventClass.BULK, "log", "");
    Buffer bytes = Buffer.buffer();
    EventBatch.write(bytes, first);
    EventBatch.write(bytes, second);

    assertThat(EventBatch.decode(bytes)).containsExactly(first, second);
  }

  private static Event published(Event.Manner manner) {
    var plain = event(3, EventClass.NORMAL, "a/b", "data");
    return new Event(
        plain.id(),
        plain.origin(),
        plain.account(),
        plain.product(),
        plain.name(),
        plain.data(),
        plain.eventClass(),
        plain.publishedAtMillis(),
        manner);
  }

  @Test
  void keepsHowAnEventWasPublished() {
    for (int qos = 0; qos <= 2; qos++) {
      for (boolean retain : new boolean[] {false, true}) {
        var plain = published(Event.Manner.of(qos, retain));
        var rich = published(new Event.Manner(qos, retain, 60, Buffer.buffer("properties")));
        var bare = published(new Event.Manner(qos, retain, 0, Buffer.buffer()));
        Buffer bytes = Buffer.buffer();
        for (var event : List.of(plain, rich, bare)) {
          EventBatch.write(bytes, event);
        }
        assertThat(EventBatch.decode(bytes)).containsExactly(plain, rich, bare);
      }
    }
  }

  @Test
  void whatSaysNothingOfItIsAsItWasBefore() {
    Buffer bytes = EventBatch.encode(event(1, EventClass.NORMAL, "n", "d"));

    assertThat(bytes.getByte(4)).isEqualTo((byte) 1);
    assertThat(bytes.getByte(7)).isZero();
    assertThat(EventBatch.decode(bytes).getFirst().manner()).isSameAs(Event.Manner.of(1, false));
  }

  @Test
  void joinedBatchesAreABatch() {
    var first = event(1, EventClass.NORMAL, "a", "1");
    var second = event(2, EventClass.NORMAL, "b", "2");

    assertThat(EventBatch.decode(EventBatch.encode(first).appendBuffer(EventBatch.encode(second))))
        .containsExactly(first, second);
  }

  @Test
  void leavesOutWhatIsLessImportant() {
    var critical = event(1, EventClass.CRITICAL, "a", "1");
    var bulk = event(2, EventClass.BULK, "b", "2");
    Buffer both = EventBatch.encode(critical).appendBuffer(EventBatch.encode(bulk));

    assertThat(EventBatch.atLeast(both, EventClass.BULK)).isSameAs(both);
    assertThat(EventBatch.decode(EventBatch.atLeast(both, EventClass.NORMAL)))
        .containsExactly(critical);
    assertThat(EventBatch.atLeast(EventBatch.encode(bulk), EventClass.CRITICAL).length()).isZero();
  }

  @Test
  void refusesEveryTruncation() {
    for (var event :
        List.of(
            event(1, EventClass.NORMAL, "name", "data"),
            published(new Event.Manner(2, true, 9, Buffer.buffer("properties"))))) {
      Buffer whole = EventBatch.encode(event);
      for (int length = 1; length < whole.length(); length++) {
        Buffer cut = whole.getBuffer(0, length);
        assertThatIllegalArgumentException().isThrownBy(() -> EventBatch.decode(cut));
      }
    }
  }

  @Test
  void neverReadsOutsideOfDamagedBytes() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    Buffer whole =
        EventBatch.encode(event(1, EventClass.NORMAL, "name", "data"))
            .appendBuffer(
                EventBatch.encode(published(new Event.Manner(2, true, 9, Buffer.buffer("p")))))
            .appendBuffer(EventBatch.encode(event(2, EventClass.BULK, "n", "d")));
    for (int round = 0; round < 20_000; round++) {
      Buffer damaged = whole.copy();
      damaged.setByte(random.nextInt(damaged.length()), (byte) random.nextInt());
      try {
        List<Event> read = new ArrayList<>(EventBatch.decode(damaged));
        assertThat(read).as("seed " + seed).isNotEmpty();
      } catch (IllegalArgumentException expected) {
        assertThat(expected).as("seed " + seed).hasMessageNotContaining("index");
      }
    }
  }
}
