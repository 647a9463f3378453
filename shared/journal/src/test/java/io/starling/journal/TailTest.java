package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TailTest {
  private final Tail tail = new Tail(10);

  private static List<Buffer> payloads(String... payloads) {
    return Stream.of(payloads).map(Buffer::buffer).toList();
  }

  private ReadResult read(Position from, int maxBytes) {
    return Objects.requireNonNull(tail.read(from, maxBytes), "not in the tail");
  }

  private static List<String> strings(ReadResult result) {
    return result.records().stream().map(record -> record.payload().toString()).toList();
  }

  @Test
  void readsFromTheMiddleOfAnEntry() {
    tail.add(3, payloads("a", "b", "c"));
    tail.add(4, List.of());
    tail.add(5, payloads("d"));
    ReadResult result = read(new Position(3, 1), 100);
    assertThat(strings(result)).containsExactly("b", "c", "d");
    assertThat(result.records().getFirst().position()).isEqualTo(new Position(3, 1));
    assertThat(result.next()).isEqualTo(new Position(6, 0));
  }

  @Test
  void stopsAtTheBytesAskedForAndGoesOnThere() {
    tail.add(3, payloads("aa", "bb", "cc"));
    ReadResult first = read(Position.START, 5);
    assertThat(strings(first)).containsExactly("aa", "bb");
    assertThat(strings(read(first.next(), 5))).containsExactly("cc");
  }

  @Test
  void givesOneRecordHoweverFewBytesAreAskedFor() {
    tail.add(3, payloads("aa", "bb"));
    assertThat(strings(read(Position.START, 0))).containsExactly("aa");
  }

  @Test
  void passesWhatHoldsNoRecords() {
    tail.reset(8);
    tail.add(8, List.of());
    assertThat(read(new Position(8, 0), 5).next()).isEqualTo(new Position(9, 0));
    assertThat(read(new Position(20, 3), 5).next()).isEqualTo(new Position(20, 3));
  }

  @Test
  void doesNotAnswerForWhatItHasForgotten() {
    tail.add(1, payloads("aaaaa"));
    tail.add(2, payloads("bbbbb"));
    assertThat(tail.read(new Position(1, 0), 100)).isNotNull();
    tail.add(3, payloads("c"));
    assertThat(tail.read(new Position(1, 0), 100)).isNull();
    assertThat(strings(read(new Position(2, 0), 100))).containsExactly("bbbbb", "c");
    tail.reset(7);
    assertThat(tail.read(new Position(3, 0), 100)).isNull();
    assertThat(tail.end()).isEqualTo(7);
  }
}
