package io.starling.journal;

import static io.starling.journal.Opened.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is let go, what is kept, and what a restart knows of it. */
final class JournalRetentionIT {
  private static final int PAYLOAD = 200_000;
  private static final int SEGMENTS_AND_MORE = 50;

  @TempDir Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.EPOCH.plusSeconds(1000));
  private final InstantSource clock = now::get;
  private final Numbers state = new Numbers();

  /** Remembers the numbers that were appended. */
  private static final class Numbers implements LogState {
    final List<Integer> numbers = new ArrayList<>();

    /** How much longer its snapshot is than it need be. */
    int filler;

    int written;

    /** Whoever writes a snapshot waits for it. */
    CountDownLatch mayWrite = new CountDownLatch(0);

    @Override
    public synchronized void apply(Position position, Buffer payload) {
      numbers.add(payload.getInt(0));
    }

    @Override
    public synchronized Copy copy() {
      var now = numbers();
      return out -> {
        mayWrite();
        written++;
        out.writeInt(now.size());
        for (int number : now) {
          out.writeInt(number);
        }
        out.write(new byte[filler]);
      };
    }

    private void mayWrite() throws IOException {
      try {
        if (!mayWrite.await(1, TimeUnit.MINUTES)) {
          throw new IOException("nobody let it write");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public synchronized void readFrom(DataInput in) throws IOException {
      numbers.clear();
      for (int left = in.readInt(); left > 0; left--) {
        numbers.add(in.readInt());
      }
    }

    synchronized List<Integer> numbers() {
      return List.copyOf(numbers);
    }
  }

  private Opened open(Numbers into) {
    return open(new LogConfig("shard-0", () -> into));
  }

  private Opened open(LogConfig log) {
    JournalConfig config =
        JournalConfig.of(folder, List.of(log))
            .disk(0, 1 << 20, 1 << 20)
            .segmentBytes(2 << 20)
            .tailBytes(1 << 20)
            .retention(Duration.ofHours(3))
            .build();
    return Opened.open(config, clock);
  }

  private static List<Position> fill(Opened opened, int from, int to) {
    List<Position> positions = new ArrayList<>();
    for (int number = from; number < to; number++) {
      Buffer payload = Buffer.buffer(new byte[PAYLOAD]).setInt(0, number);
      positions.add(Opened.get(opened.log("shard-0").append(payload)));
    }
    return positions;
  }

  /** Ratis deletes files a moment after it says so. */
  private static void startsAfter(JournalLog log, Position position) {
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(() -> assertThat(log.start()).isGreaterThan(position));
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Test
  void keepsWhatIsYoung() {
    try (Opened opened = open(state)) {
      List<Position> positions = fill(opened, 0, SEGMENTS_AND_MORE);
      pass(Duration.ofHours(2));
      done(opened.journal().turn());
      assertThat(opened.log("shard-0").start()).isLessThanOrEqualTo(positions.getFirst());
    }
  }

  @Test
  void letsGoOfWhatIsOldAndPassed() {
    try (Opened opened = open(state)) {
      List<Position> old = fill(opened, 0, SEGMENTS_AND_MORE);
      pass(Duration.ofHours(2));
      List<Position> young = fill(opened, SEGMENTS_AND_MORE, SEGMENTS_AND_MORE + 5);
      pass(Duration.ofMinutes(90));
      JournalLog log = opened.log("shard-0");
      done(opened.journal().turn());
      startsAfter(log, old.get(SEGMENTS_AND_MORE - 25));
      assertThat(log.start()).isLessThanOrEqualTo(young.getFirst());
      assertThat(opened.read("shard-0", young.getFirst())).hasSize(5);
      assertThatThrownBy(() -> Opened.get(log.read(old.getFirst(), 1000)))
          .isInstanceOfSatisfying(
              JournalException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(JournalException.Kind.PURGED);
                assertThat(e.firstAvailable()).isEqualTo(log.start());
              });
    }
  }

  @Test
  void aLogMayBeKeptForLessThanOthers() {
    try (Opened opened = open(new LogConfig("shard-0", () -> state, Duration.ofMinutes(1)))) {
      List<Position> positions = fill(opened, 0, SEGMENTS_AND_MORE);
      pass(Duration.ofMinutes(2));
      done(opened.journal().turn());
      startsAfter(opened.log("shard-0"), positions.get(SEGMENTS_AND_MORE - 25));
    }
  }

  @Test
  void aLongStateIsWrittenOnlyWhenAboutAsMuchCanGo() {
    state.filler = 10 * PAYLOAD;
    try (Opened opened = open(state)) {
      assertThat(writtenAfter(opened, 0, 2)).isEqualTo(1);
      assertThat(writtenAfter(opened, 2, 6)).isEqualTo(1);
      assertThat(writtenAfter(opened, 6, 16)).isEqualTo(2);
    }
  }

  private int writtenAfter(Opened opened, int from, int to) {
    List<Position> _ = fill(opened, from, to);
    pass(Duration.ofDays(1));
    done(opened.journal().turn());
    return state.written;
  }

  @Test
  void aCursorHoldsTheLogUntilItIsRemoved() {
    try (Opened opened = open(state)) {
      JournalLog log = opened.log("shard-0");
      List<Position> positions = fill(opened, 0, SEGMENTS_AND_MORE);
      Position held = positions.get(SEGMENTS_AND_MORE / 2);
      done(log.commitCursor("drain", held));
      pass(Duration.ofDays(1));
      done(opened.journal().turn());
      startsAfter(log, positions.getFirst());
      assertThat(log.start()).isLessThanOrEqualTo(held);
      assertThat(opened.read("shard-0", held)).hasSize(SEGMENTS_AND_MORE / 2);
      done(log.removeCursor("drain"));
      assertThat(log.cursors()).isEmpty();
      done(opened.journal().turn());
      startsAfter(log, held);
    }
  }

  @Test
  void aRestartKnowsStateAndCursorsThatTheLogNoLongerHolds() {
    List<Integer> applied;
    Position cursor;
    try (Opened opened = open(state)) {
      List<Position> positions = fill(opened, 0, SEGMENTS_AND_MORE);
      cursor = positions.getLast();
      done(opened.log("shard-0").commitCursor("drain", cursor));
      pass(Duration.ofHours(4));
      done(opened.journal().turn());
      startsAfter(opened.log("shard-0"), positions.getFirst());
      List<Position> _ = fill(opened, SEGMENTS_AND_MORE, SEGMENTS_AND_MORE + 3);
      applied = state.numbers();
    }
    Numbers restored = new Numbers();
    try (Opened opened = open(restored)) {
      assertThat(restored.numbers()).isEqualTo(applied).hasSize(SEGMENTS_AND_MORE + 3);
      assertThat(opened.log("shard-0").cursors()).containsEntry("drain", cursor);
      List<Position> _ = fill(opened, SEGMENTS_AND_MORE + 3, SEGMENTS_AND_MORE + 4);
      assertThat(restored.numbers()).hasSize(SEGMENTS_AND_MORE + 4);
    }
  }

  @Test
  void goesOnWhileItsStateIsWritten() {
    state.mayWrite = new CountDownLatch(1);
    List<Integer> applied;
    try (Opened opened = open(state)) {
      List<Position> positions = fill(opened, 0, SEGMENTS_AND_MORE);
      pass(Duration.ofHours(4));
      Future<?> turn = opened.journal().turn();
      List<Position> _ = fill(opened, SEGMENTS_AND_MORE, SEGMENTS_AND_MORE + 3);
      await()
          .atMost(Opened.PATIENCE)
          .untilAsserted(() -> assertThat(state.numbers()).hasSize(SEGMENTS_AND_MORE + 3));
      assertThat(opened.log("shard-0").start()).isLessThanOrEqualTo(positions.getFirst());

      state.mayWrite.countDown();
      done(turn);
      startsAfter(opened.log("shard-0"), positions.getFirst());
      applied = state.numbers();
    }
    Numbers restored = new Numbers();
    try (Opened _ = open(restored)) {
      assertThat(restored.numbers()).isEqualTo(applied);
    }
  }

  @Test
  void aCursorThatGoesBackDoesNotStopTheJournal() {
    try (Opened opened = open(state)) {
      List<Position> positions = fill(opened, 0, SEGMENTS_AND_MORE);
      pass(Duration.ofDays(1));
      done(opened.journal().turn());
      startsAfter(opened.log("shard-0"), positions.get(SEGMENTS_AND_MORE - 25));
      Position start = opened.log("shard-0").start();
      done(opened.log("shard-0").commitCursor("late", positions.getFirst()));
      done(opened.journal().turn());
      List<Position> _ = fill(opened, 0, 1);
      assertThat(opened.log("shard-0").start()).isEqualTo(start);
      assertThat(opened.log("shard-0").leadership()).isInstanceOf(Leadership.Leading.class);
    }
  }
}
