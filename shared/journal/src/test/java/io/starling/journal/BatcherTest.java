package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.journal.JournalException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BatcherTest {
  private static final int MAX_ENTRY = 1000;

  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
  private final HeldRaft raft = new HeldRaft();
  private final Batcher batcher =
      new Batcher(
          "test",
          new Batcher.Limits(MAX_ENTRY, 3000, Duration.ofSeconds(10)),
          raft,
          InstantSource.system(),
          new JournalMeters(new SimpleMeterRegistry()).log("test"));

  /** Commits when told. */
  private static final class HeldRaft implements Batcher.Raft {
    final List<Entry> entries = new CopyOnWriteArrayList<>();
    final List<CompletableFuture<Long>> answers = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<Long> submit(ByteString bytes) {
      CompletableFuture<Long> answer = new CompletableFuture<>();
      answers.add(answer);
      entries.add(Entry.decode(bytes));
      return answer;
    }

    void awaitEntries(int count) {
      await().untilAsserted(() -> assertThat(entries).hasSize(count));
    }

    void commit(int entry, long index) {
      assertThat(answers.get(entry).complete(index)).isTrue();
    }
  }

  @BeforeEach
  void start() {
    batcher.start();
  }

  @AfterEach
  void stop() {
    batcher.close();
    Opened.done(vertx.close());
  }

  private List<Future<Position>> append(int count, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(_ -> batcher.append(context, Buffer.buffer(new byte[bytes])))
        .toList();
  }

  private static Kind kind(Future<?> failed) {
    await().until(failed::isComplete);
    return ((JournalException) failed.cause()).kind();
  }

  @Test
  void framesWhatArrivesWhileTwoEntriesAreInFlight() {
    List<Future<Position>> appends = new ArrayList<>(append(1, 10));
    raft.awaitEntries(1);
    appends.addAll(append(1, 10));
    raft.awaitEntries(2);
    appends.addAll(append(5, 10));
    assertThat(raft.entries).hasSize(2);
    raft.commit(0, 100);
    raft.awaitEntries(3);
    assertThat(raft.entries.get(2).payloads()).hasSize(5);
    raft.commit(1, 101);
    raft.commit(2, 102);
    Opened.done(Future.all(appends));
    assertThat(appends.getLast().result()).isEqualTo(new Position(102, 4));
    assertThat(batcher.pendingBytes()).isZero();
  }

  @Test
  void fillsEntriesToTheirLimitAndNoFurther() {
    List<Future<Position>> _ = append(2, MAX_ENTRY);
    raft.awaitEntries(2);
    List<Future<Position>> _ = append(3, 400);
    raft.commit(0, 1);
    raft.awaitEntries(3);
    assertThat(raft.entries.get(2).payloads()).hasSize(2);
  }

  @Test
  void refusesWhatIsTooLargeOrTooMuch() {
    assertThat(kind(append(1, MAX_ENTRY + 1).getFirst())).isEqualTo(Kind.TOO_LARGE);
    List<Future<Position>> appends = append(4, MAX_ENTRY);
    assertThat(kind(appends.getLast())).isEqualTo(Kind.OVERLOADED);
    assertThat(appends.getFirst().isComplete()).isFalse();
  }

  @Test
  void spacesEntriesByTheWindowUnlessOneIsFull() {
    batcher.window(Duration.ofHours(1).toNanos());
    List<Future<Position>> _ = append(2, 400);
    assertThat(raft.entries).isEmpty();
    List<Future<Position>> _ = append(1, 400);
    raft.awaitEntries(1);
    batcher.window(0);
    raft.awaitEntries(2);
  }

  @Test
  void failsAsUnknownWhatRaftDoesNotAnswer() {
    Future<Position> sent = append(1, 10).getFirst();
    raft.awaitEntries(1);
    List<Future<Position>> _ = append(1, 10);
    raft.awaitEntries(2);
    Future<Position> queued = append(1, 10).getFirst();
    batcher.expire(System.nanoTime() + Duration.ofSeconds(11).toNanos());
    assertThat(kind(sent)).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(queued)).isEqualTo(Kind.OVERLOADED);
    raft.commit(0, 1); // too late
    raft.commit(1, 2);
    await().untilAsserted(() -> assertThat(batcher.pendingBytes()).isZero());
  }

  @Test
  void passesOnWhyRaftRefused() {
    Future<Position> refused = append(1, 10).getFirst();
    raft.awaitEntries(1);
    assertThat(
            raft.answers.getFirst().completeExceptionally(JournalException.notLeader("test", "b")))
        .isTrue();
    assertThat(kind(refused)).isEqualTo(Kind.NOT_LEADER);
    Future<Position> broken = append(1, 10).getFirst();
    raft.awaitEntries(2);
    assertThat(raft.answers.get(1).completeExceptionally(new IllegalStateException("boom")))
        .isTrue();
    assertThat(kind(broken)).isEqualTo(Kind.UNKNOWN);
  }

  @Test
  void mergesCursorChangesIntoOneEntryASecond() {
    Future<Void> first = batcher.change(context, CursorChange.commit("a", new Position(1, 0)));
    raft.awaitEntries(1);
    List<Future<Void>> more =
        IntStream.range(2, 50)
            .mapToObj(i -> batcher.change(context, CursorChange.commit("a", new Position(i, 0))))
            .toList();
    raft.awaitEntries(2);
    assertThat(raft.entries.get(1).cursors())
        .containsExactly(CursorChange.commit("a", new Position(49, 0)));
    raft.commit(0, 1);
    raft.commit(1, 2);
    Opened.done(first);
    Opened.done(Future.all(more));
  }

  @Test
  void failsWhatIsQueuedWhenClosed() {
    List<Future<Position>> sent = new ArrayList<>(append(1, 10));
    raft.awaitEntries(1);
    sent.addAll(append(1, 10));
    raft.awaitEntries(2);
    Future<Position> queued = append(1, 10).getFirst();
    batcher.close();
    assertThat(kind(queued)).isEqualTo(Kind.CLOSED);
    assertThat(kind(append(1, 10).getFirst())).isEqualTo(Kind.CLOSED);
    raft.commit(0, 1);
    raft.commit(1, 2);
    Opened.done(Future.all(sent));
  }

  @Test
  void writesCursorsThatWaitWhenClosed() {
    Future<Void> first = batcher.change(context, CursorChange.commit("a", new Position(1, 0)));
    raft.awaitEntries(1);
    Future<Void> waiting = batcher.change(context, CursorChange.commit("a", new Position(2, 0)));
    batcher.close();
    raft.awaitEntries(2);
    assertThat(raft.entries.get(1).cursors())
        .containsExactly(CursorChange.commit("a", new Position(2, 0)));
    raft.commit(0, 1);
    raft.commit(1, 2);
    Opened.done(Future.all(first, waiting));
  }
}
