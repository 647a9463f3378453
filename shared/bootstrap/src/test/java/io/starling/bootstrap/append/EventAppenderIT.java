package io.starling.bootstrap.append;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.contract.RelayHint;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way of events to a relay that answers as each test wants it. */
class EventAppenderIT {
  private static final DeviceId DEVICE = DeviceId.create();
  private static final AccountId ANN = AccountId.create();

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final List<List<Long>> batches = new CopyOnWriteArrayList<>();
  private ShardLeaders leaders;

  @BeforeEach
  void open() throws Exception {
    leaders = get(ShardLeaders.open(bus));
  }

  @AfterEach
  void close() throws Exception {
    var _ = get(vertx.close().map(true));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(15, SECONDS);
  }

  private void relay(
      String name, Function<RelayRequest.Append, Future<RelayReply.AppendReply>> answer)
      throws Exception {
    var _ =
        get(
            bus.serve(
                "relay." + name,
                RelayRequest.Append.class,
                append -> {
                  batches.add(
                      EventBatch.decode(append.events()).stream()
                          .map(event -> event.id().sequence())
                          .toList());
                  return answer.apply(append);
                }));
    leaders.heard(
        new RelayHint.Leading(name, List.of(new RelayHint.Lead(ShardLeaders.logName(0), 1))));
  }

  private static Event event(long sequence, int size) {
    return new Event(
        new EventId(DEVICE, 1, sequence),
        Origin.DEVICE,
        ANN,
        0,
        "temp",
        Buffer.buffer(new byte[size]),
        EventClass.NORMAL,
        1);
  }

  /** Appends on one event loop; completes with the outcomes in the order of the events. */
  private List<Outcome> append(Duration budget, int size, long... sequences) throws Exception {
    var result = new CompletableFuture<List<Outcome>>();
    vertx.runOnContext(
        now -> {
          var appender = new EventAppender(vertx, bus, leaders, 1, budget);
          var outcomes = new ArrayList<Future<Outcome>>();
          LongStream.of(sequences)
              .forEach(sequence -> outcomes.add(appender.append(0, event(sequence, size))));
          Future.all(outcomes)
              .onSuccess(all -> result.complete(all.list()))
              .onFailure(result::completeExceptionally);
        });
    return result.get(15, SECONDS);
  }

  private static Future<RelayReply.AppendReply> committed() {
    return Future.succeededFuture(new RelayReply.Appended(EventClass.BULK));
  }

  @Test
  void whatIsAppendedInOneTurnGoesTogether() throws Exception {
    relay("a", append -> committed());
    assertThat(append(Duration.ofSeconds(5), 10, 1, 2, 3))
        .allMatch(outcome -> outcome instanceof Outcome.Committed);
    assertThat(batches).containsExactly(List.of(1L, 2L, 3L));
  }

  @Test
  void acknowledgesOnlyAfterTheLeaderDid() throws Exception {
    Promise<RelayReply.AppendReply> held = Promise.promise();
    relay("a", append -> held.future());
    var appended =
        CompletableFuture.supplyAsync(() -> silently(() -> append(Duration.ofSeconds(5), 10, 1)));
    await().atMost(Duration.ofSeconds(5)).until(() -> batches.size() == 1);
    assertThat(appended).isNotDone();
    held.complete(new RelayReply.Appended(EventClass.BULK));
    assertThat(appended.get(5, SECONDS)).containsExactly(new Outcome.Committed(EventClass.BULK));
  }

  private static <T> T silently(java.util.concurrent.Callable<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void sendsABatchAgainBeforeAnythingBehindIt() throws Exception {
    var failures = new AtomicInteger(3);
    relay(
        "a",
        append ->
            failures.getAndDecrement() > 0
                ? Future.succeededFuture(new RelayReply.Unknown("no quorum"))
                : committed());
    // Four of 250 kB fill a batch.
    assertThat(append(Duration.ofSeconds(10), 250_000, 1, 2, 3, 4, 5, 6, 7, 8))
        .allMatch(outcome -> outcome instanceof Outcome.Committed);
    var first = batches.getFirst();
    assertThat(batches.subList(0, 4)).allMatch(first::equals);
    assertThat(batches.subList(3, batches.size()).stream().flatMap(List::stream))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void findsTheNewLeader() throws Exception {
    relay("old", append -> Future.succeededFuture(new RelayReply.NotLeader("new")));
    var _ = get(bus.serve("relay.new", RelayRequest.Append.class, append -> committed()));
    assertThat(append(Duration.ofSeconds(5), 10, 1))
        .containsExactly(new Outcome.Committed(EventClass.BULK));
  }

  @Test
  void givesUpWhenTheBudgetIsSpent() throws Exception {
    relay("a", append -> Future.succeededFuture(new RelayReply.Unknown("no quorum")));
    assertThat(append(Duration.ofMillis(300), 10, 1))
        .containsExactly(new Outcome.Unavailable("no quorum"));
  }

  /** Else it would overtake what its session sends again, in the order of a device. */
  @Test
  void givesUpWhatWaitsBehindABatchThatIsGivenUp() throws Exception {
    Promise<Void> asked = Promise.promise();
    relay(
        "one",
        append -> {
          asked.tryComplete();
          return batches.getLast().contains(1L)
              ? Future.succeededFuture(new RelayReply.NotLeader(null))
              : committed();
        });
    var result = new CompletableFuture<List<Outcome>>();
    vertx.runOnContext(
        now -> {
          var context = vertx.getOrCreateContext();
          var appender = new EventAppender(vertx, bus, leaders, 1, Duration.ofMillis(500));
          var first = appender.append(0, event(1, 10));
          asked
              .future()
              .onSuccess(
                  _ ->
                      context.runOnContext(
                          later ->
                              Future.all(first, appender.append(0, event(2, 10)))
                                  .onSuccess(all -> result.complete(all.list()))));
        });

    assertThat(result.get(15, SECONDS)).hasSize(2).allMatch(Outcome.Unavailable.class::isInstance);
    assertThat(batches).noneMatch(batch -> batch.contains(2L));
  }

  @Test
  void refusesWhatWouldWaitWithoutBound() throws Exception {
    relay("a", append -> Promise.<RelayReply.AppendReply>promise().future());
    var sequences = LongStream.rangeClosed(1, 60).toArray();
    var outcomes = append(Duration.ofMillis(300), 250_000, sequences);
    assertThat(outcomes.getLast()).isEqualTo(new Outcome.Overloaded());
    assertThat(outcomes.stream().filter(outcome -> outcome instanceof Outcome.Overloaded))
        .hasSizeBetween(20, 40);
  }

  @Test
  void aFullDiskIsNotTriedAgain() throws Exception {
    relay("a", append -> Future.succeededFuture(new RelayReply.Full()));
    assertThat(append(Duration.ofSeconds(5), 10, 1)).containsExactly(new Outcome.Overloaded());
    assertThat(batches).hasSize(1);
  }
}
