package io.starling.journal;

import static io.starling.journal.Opened.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalIT {
  @TempDir Path folder;

  @Test
  void readsBackWhatWasAppendedInOrder() {
    try (Opened opened = Opened.open(folder, "shard-0", "shard-1")) {
      List<Future<Position>> appends = new ArrayList<>();
      List<String> payloads = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        payloads.add("event " + i);
        appends.add(opened.log("shard-0").append(Buffer.buffer("event " + i)));
      }
      done(Future.all(appends));
      assertThat(opened.read("shard-0", Position.START)).isEqualTo(payloads);
      assertThat(opened.read("shard-1", Position.START)).isEmpty();
      assertThat(appends.stream().map(Future::result)).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void keepsRecordsAndCursorsAcrossARestart() {
    Position second;
    try (Opened opened = Opened.open(folder, "shard-0")) {
      Position first = opened.append("shard-0", "one");
      second = opened.append("shard-0", "two");
      assertThat(second).isGreaterThan(first);
      done(opened.log("shard-0").commitCursor("drain", second));
    }
    try (Opened opened = Opened.open(folder, "shard-0")) {
      assertThat(opened.read("shard-0", Position.START)).containsExactly("one", "two");
      assertThat(opened.log("shard-0").cursors()).containsEntry("drain", second);
      assertThat(opened.read("shard-0", second)).containsExactly("two");
    }
  }

  @Test
  void readsFromDiskWhatHasLeftTheTail() {
    JournalConfig config = Opened.config(folder, "shard-0").tailBytes(0).build();
    try (Opened opened = Opened.open(config)) {
      List<String> payloads = IntStream.range(0, 300).mapToObj(i -> "event " + i).toList();
      JournalLog log = opened.log("shard-0");
      done(Future.all(payloads.stream().map(p -> log.append(Buffer.buffer(p))).toList()));
      assertThat(opened.read("shard-0", Position.START)).isEqualTo(payloads);
      ReadResult part = Opened.get(log.read(Position.START, 20));
      assertThat(part.records()).hasSize(2);
      assertThat(opened.read("shard-0", part.next())).isEqualTo(payloads.subList(2, 300));
    }
  }

  @Test
  void completesOnTheContextOfTheCaller() {
    JournalConfig config = Opened.config(folder, "shard-0").tailBytes(0).build();
    try (Opened opened = Opened.open(config)) {
      JournalLog log = opened.log("shard-0");
      for (int i = 0; i < 3; i++) {
        Context context = opened.vertx().getOrCreateContext();
        Promise<List<Context>> seen = Promise.promise();
        context.runOnContext(
            _ ->
                log.append(Buffer.buffer("x"))
                    .map(_ -> Vertx.currentContext())
                    .compose(
                        appended ->
                            log.read(Position.START, 100)
                                .map(_ -> List.of(appended, Vertx.currentContext())))
                    .onComplete(seen));
        assertThat(Opened.get(seen.future())).containsExactly(context, context);
      }
    }
  }

  @Test
  void keepsTheOrderOfEachCaller() {
    try (Opened opened = Opened.open(folder, "shard-0")) {
      JournalLog log = opened.log("shard-0");
      List<Future<?>> appends = new CopyOnWriteArrayList<>();
      List<Promise<Void>> callers = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        int number = caller;
        Promise<Void> ready = Promise.promise();
        callers.add(ready);
        opened
            .vertx()
            .getOrCreateContext()
            .runOnContext(
                _ -> {
                  for (int i = 0; i < 500; i++) {
                    appends.add(log.append(Buffer.buffer(number + " " + i)));
                  }
                  ready.complete();
                });
      }
      callers.forEach(ready -> done(ready.future()));
      done(Future.all(List.copyOf(appends)));
      List<String> all = opened.read("shard-0", Position.START);
      for (int caller = 0; caller < 4; caller++) {
        String prefix = caller + " ";
        List<String> own = all.stream().filter(payload -> payload.startsWith(prefix)).toList();
        assertThat(own).isEqualTo(IntStream.range(0, 500).mapToObj(i -> prefix + i).toList());
      }
    }
  }

  @Test
  void tellsListenersThatThereIsMore() {
    try (Opened opened = Opened.open(folder, "shard-0")) {
      JournalLog log = opened.log("shard-0");
      Context context = opened.vertx().getOrCreateContext();
      List<Position> ends = new CopyOnWriteArrayList<>();
      Promise<Leadership> leadership = Promise.promise();
      context.runOnContext(
          _ -> {
            log.onCommitted(() -> ends.add(log.committedEnd()));
            log.onLeadership(leadership::tryComplete);
          });
      assertThat(Opened.get(leadership.future())).isInstanceOf(Leadership.Leading.class);
      Position position = opened.append("shard-0", "one");
      await().atMost(Opened.PATIENCE).untilAsserted(() -> assertThat(ends).isNotEmpty());
      assertThat(ends.getLast()).isGreaterThan(position);
    }
  }

  @Test
  void measuresWhatItDoesWhileItIsOpen() {
    Opened opened = Opened.open(folder, "shard-0");
    try (opened) {
      assertThat(opened.append("shard-0", "one")).isNotNull();
      MeterRegistry meters = opened.meters();
      await()
          .atMost(Opened.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(meters.get("journal.entries").tag("log", "shard-0").counter().count())
                      .isEqualTo(1));
      assertThat(meters.get("journal.bytes").counter().count()).isEqualTo(3);
      assertThat(meters.get("journal.records").counter().count()).isEqualTo(1);
      assertThat(meters.get("journal.commit").timer().count()).isEqualTo(1);
      assertThat(meters.get("journal.pending.bytes").gauge().value()).isZero();
      assertThat(meters.get("journal.retained.entries").gauge().value()).isBetween(1.0, 5.0);
      assertThat(meters.get("journal.disk.used").gauge().value()).isBetween(0.0, 1.0);
    }
    assertThat(opened.meters().getMeters()).isEmpty();
  }

  @Test
  void closesInTimeAndLeavesNoThread() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Opened opened = Opened.open(folder, "shard-0", "shard-1", "shard-2", "directory");
    JournalLog log = opened.log("shard-0");
    assertThat(opened.append("shard-0", "one")).isNotNull();
    long start = System.nanoTime();
    done(opened.journal().close());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    done(opened.journal().close());
    Future<Position> late = log.append(Buffer.buffer("late"));
    await().atMost(Opened.PATIENCE).until(late::isComplete);
    assertThat(((JournalException) late.cause()).kind())
        .isIn(JournalException.Kind.CLOSED, JournalException.Kind.NOT_LEADER);
    done(opened.vertx().close());
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread) && !thread.isDaemon())
                    .allMatch(thread -> thread.equals(Thread.currentThread()))); // awaitility's
  }

  @Test
  void refusesMoreEntriesThanTheHeapCanCarry() {
    JournalConfig config = Opened.config(folder, "shard-0").entryBudget(10).build();
    try (Opened opened = Opened.open(config)) {
      for (int i = 0; i < 20; i++) {
        assertThat(opened.append("shard-0", "event " + i)).isNotNull();
      }
      done(opened.journal().turn());
      Future<Position> refused = opened.log("shard-0").append(Buffer.buffer("more"));
      await().atMost(Opened.PATIENCE).until(refused::isComplete);
      assertThat(((JournalException) refused.cause()).kind()).isEqualTo(JournalException.Kind.FULL);
      assertThat(opened.read("shard-0", Position.START)).hasSize(20);
    }
  }

  @Test
  void tellsWhenTheStateRefusesARecordAndAcknowledgesNothingMore() {
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    LogState picky =
        new LogState() {
          @Override
          public void apply(Position position, Buffer payload) {
            throw new IllegalStateException("cannot take " + payload);
          }

          @Override
          public Copy copy() {
            return _ -> {};
          }

          @Override
          public void readFrom(DataInput in) {}
        };
    JournalConfig config =
        JournalConfig.of(folder, List.of(new LogConfig("shard-0", () -> picky)))
            .disk(0, 1 << 20, 1 << 20)
            .appendDeadline(Duration.ofSeconds(2))
            .onFatal(fatal::complete)
            .build();
    try (Opened opened = Opened.open(config)) {
      Future<Position> unlucky = opened.log("shard-0").append(Buffer.buffer("this"));
      assertThat(fatal).succeedsWithin(Opened.PATIENCE).asString().contains("cannot take this");
      await()
          .atMost(Opened.PATIENCE)
          .until(() -> opened.log("shard-0").append(Buffer.buffer("that")).failed());
      opened.log("shard-0").closed();
      await().atMost(Opened.PATIENCE).until(unlucky::isComplete);
      assertThat(unlucky.failed()).isTrue();
    }
  }

  @Test
  void knowsOnlyConfiguredLogs() {
    try (Opened opened = Opened.open(folder, "shard-0")) {
      assertThatThrownBy(() -> opened.log("shard-9"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no log shard-9 in [shard-0]");
    }
  }
}
