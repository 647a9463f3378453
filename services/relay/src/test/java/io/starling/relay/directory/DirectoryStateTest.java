package io.starling.relay.directory;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.Change;
import io.starling.contract.FeedPosition;
import io.starling.journal.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectoryStateTest {
  private static final FeedPosition FIRST = new FeedPosition(0, 10, 0);
  private static final FeedPosition SECOND = new FeedPosition(0, 20, 0);

  private static final long SEED = 1;

  private final DirectoryState state = new DirectoryState();

  private void apply(FeedPosition from, FeedPosition to, Change... changes) {
    state.apply(Position.START, new ChangeBatch(from, to, List.of(changes)).encode());
  }

  private static Change change(String key, long sequence, @Nullable String row) {
    return new Change("device", key, 0, sequence, row);
  }

  @Test
  void takesABatchOnlyWhereItFollows() {
    apply(FeedPosition.START, FIRST, change("a", 1, "{\"v\":1}"));
    apply(FeedPosition.START, FIRST, change("a", 2, "{\"v\":2}"));
    apply(SECOND, SECOND, change("a", 3, "{\"v\":3}"));

    assertThat(state.feed()).isEqualTo(FIRST);
    assertThat(state.page("", 10)).extracting(Change::row).containsExactly("{\"v\":1}");
  }

  @Test
  void anOlderChangeReadLaterChangesNothing() {
    apply(FeedPosition.START, FIRST, change("a", 5, null), change("b", 7, "{\"v\":7}"));
    apply(FIRST, SECOND, change("a", 4, "{\"v\":4}"), change("b", 6, "{\"v\":6}"));

    assertThat(state.page("", 10).getFirst().row()).isNull();
    assertThat(state.page("", 10).getLast().row()).isEqualTo("{\"v\":7}");
  }

  @Test
  void aHigherTermWinsWhateverTheSequence() {
    apply(FeedPosition.START, FIRST, change("a", 50, "{\"v\":1}"));
    apply(FIRST, SECOND, new Change("device", "a", 1, 3, "{\"v\":2}"));

    assertThat(state.page("", 10)).extracting(Change::row).containsExactly("{\"v\":2}");
  }

  @Test
  void aRowComesBackAsItWasHoweverLongAndWhateverIsInIt() {
    var rows =
        List.of(
            "{}",
            "{\"name\": \"k\u00fcche \u2603 \ud83d\ude00\"}",
            "{\"name\": \"" + "x".repeat(100_000) + "\"}",
            new Random(SEED)
                .ints(20_000, ' ', 0xD7FF)
                .boxed()
                .map(Character::toString)
                .collect(joining()));
    var changes = new ArrayList<Change>();
    for (String row : rows) {
      changes.add(change("a" + changes.size(), 1, row));
      changes.add(new Change("token", "b/" + changes.size(), 1, 1, row));
    }
    apply(FeedPosition.START, FIRST, changes.toArray(Change[]::new));

    assertThat(state.page("", 10)).containsExactlyInAnyOrderElementsOf(changes);
  }

  @Test
  void readsItsSnapshotBack() throws IOException {
    apply(FeedPosition.START, FIRST, change("a", 1, "{\"v\":1}"), change("b", 2, null));
    var bytes = new ByteArrayOutputStream();
    state.copy().writeTo(new DataOutputStream(bytes));
    var copy = new DirectoryState();
    copy.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(copy.feed()).isEqualTo(FIRST);
    assertThat(copy.page("", 10)).isEqualTo(state.page("", 10));
  }

  @Test
  void aCopyStaysAsItWasAndItsStateGoesOn() throws IOException {
    apply(FeedPosition.START, FIRST, change("a", 1, "{\"v\":1}"), change("b", 1, "{\"v\":1}"));
    var before = state.page("", 10);
    var copy = state.copy();
    apply(FIRST, SECOND, change("a", 2, null), change("c", 2, "{\"v\":2}"));
    var bytes = new ByteArrayOutputStream();
    copy.writeTo(new DataOutputStream(bytes));
    var restored = new DirectoryState();
    restored.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(restored.feed()).isEqualTo(FIRST);
    assertThat(restored.page("", 10)).isEqualTo(before);
    restored.apply(
        Position.START,
        new ChangeBatch(FIRST, SECOND, List.of(change("a", 2, null), change("c", 2, "{\"v\":2}")))
            .encode());
    assertThat(restored.page("", 10)).isEqualTo(state.page("", 10));
  }

  @Test
  void readsASnapshotOfAnOlderVersion() throws IOException {
    var rows = List.of(change("a", 1, "{\"v\":1}"), change("b", 2, null));
    byte[] batch = new ChangeBatch(FeedPosition.START, FIRST, rows).encode().getBytes();
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(batch.length);
    out.write(batch);
    state.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

    assertThat(state.feed()).isEqualTo(FIRST);
    assertThat(state.page("", 10)).isEqualTo(rows);
  }

  @Test
  void pagesThroughAllRows() {
    apply(
        FeedPosition.START,
        FIRST,
        change("a", 1, "{}"),
        change("b", 2, "{}"),
        change("c", 3, "{}"));

    var first = state.page("", 2);
    var rest = state.page(DirectoryState.key(first.getLast()), 2);
    assertThat(first).extracting(Change::key).containsExactly("a", "b");
    assertThat(rest).extracting(Change::key).containsExactly("c");
  }
}
