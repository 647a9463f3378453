package io.starling.bootstrap.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import io.starling.contract.Origin;
import io.starling.contract.RelayHint;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A holder and a relay on one bus. The relay's shard has an event in each entry, called by the
 * entry's index; what it sends the holder of it, the tests say.
 */
class LiveFeedIT {
  private static final AccountId ANN = AccountId.create();
  private static final DeviceId DEVICE = DeviceId.create();
  private static final Interest EVERYTHING = new Interest(ANN, Interest.Kind.PREFIX, "");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<Integer> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private Context context;
  private ShardLeaders leaders;
  private LiveFeed feed;
  private volatile long version;
  private volatile int committed = 100;
  private volatile int routed = 10;
  private volatile int kept;

  @BeforeEach
  void open() {
    get(bus.serve("relay.r", RelayRequest.class, this::answer));
    leaders = get(ShardLeaders.open(bus));
    leads();
    context = vertx.getOrCreateContext();
    feed =
        onContext(
            () ->
                LiveFeed.open(
                    vertx,
                    bus,
                    leaders,
                    1,
                    "h",
                    entries ->
                        EventBatch.decode(entries.events())
                            .forEach(event -> seen.add((int) event.id().sequence()))));
  }

  @AfterEach
  void close() {
    get(vertx.close());
  }

  private void leads() {
    var lead = List.of(new RelayHint.Lead(ShardLeaders.logName(0), 1));
    leaders.heard(new RelayHint.Leading("r", lead));
  }

  private Future<? extends RelayReply> answer(RelayRequest request) {
    return switch (request) {
      case RelayRequest.ChangeInterest change -> {
        version = change.version();
        yield Future.succeededFuture(new RelayReply.InterestTaken(Map.of(0, at(routed))));
      }
      case RelayRequest.SetInterest all -> {
        version = all.version();
        yield Future.succeededFuture(new RelayReply.InterestTaken(Map.of(0, at(routed))));
      }
      case RelayRequest.Read read -> {
        reads.incrementAndGet();
        yield Future.succeededFuture(read((int) read.from().index()));
      }
      default -> Future.failedFuture("not asked for in these tests: " + request);
    };
  }

  /** Pages of four. */
  private RelayReply.ReadReply read(int from) {
    if (from < kept) {
      return new RelayReply.Purged(at(kept));
    }
    var records = new ArrayList<RelayReply.RecordAt>();
    var events = Buffer.buffer();
    int to = Math.min(committed, from + 4);
    for (int index = from; index < to; index++) {
      add(index, records, events);
    }
    return new RelayReply.Records(records, events, at(to));
  }

  private static void add(int index, List<RelayReply.RecordAt> records, Buffer events) {
    int before = events.length();
    EventBatch.write(events, event(index));
    records.add(new RelayReply.RecordAt(at(index), events.length() - before));
  }

  private static JournalPosition at(int index) {
    return new JournalPosition(index, 0);
  }

  private static Event event(int index) {
    return new Event(
        new EventId(DEVICE, 1, index),
        Origin.DEVICE,
        ANN,
        0,
        "temp",
        Buffer.buffer("x"),
        EventClass.NORMAL,
        1);
  }

  /** Sends what is from one index to another, routed by these interests. */
  private void sends(int from, int to, long byVersion) {
    var records = new ArrayList<RelayReply.RecordAt>();
    var events = Buffer.buffer();
    for (int index = from; index < to; index++) {
      add(index, records, events);
    }
    var message = new LiveMessage.LiveEvents("h", 0, byVersion, at(from), at(to), records, events);
    bus.hint(message);
  }

  /** Says that nothing matched these interests. */
  private void sendsNothing(int from, int to, long byVersion) {
    var nothing = Buffer.buffer();
    bus.hint(new LiveMessage.LiveEvents("h", 0, byVersion, at(from), at(to), List.of(), nothing));
  }

  private void sends(int from, int to) {
    sends(from, to, version);
  }

  private void sees(int from, int to) {
    var all = new ArrayList<Integer>();
    for (int index = from; index < to; index++) {
      all.add(index);
    }
    await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).isEqualTo(all));
  }

  @Test
  void beginsWhereTheRelayIsWhenItHearsOfTheHolder() {
    onContext(() -> feed.add(EVERYTHING));

    assertThat(feed.at(0)).contains(at(10));
    sends(8, 12);
    sees(10, 12);
  }

  @Test
  void handsOverWhatComesOnceAndInOrder() {
    onContext(() -> feed.add(EVERYTHING));
    sends(10, 13);
    sends(13, 14);
    sends(14, 20);

    sees(10, 20);
    assertThat(reads).hasValue(0);
  }

  @Test
  void readsWhatTheRelayCouldNotSend() {
    onContext(() -> feed.add(EVERYTHING));
    sends(10, 12);
    sends(25, 27);
    sends(27, 30);

    sees(10, 30);
    assertThat(reads).hasPositiveValue();
    sends(30, 31);
    sees(10, 31);
  }

  @Test
  void aNewLeaderThatBeginsEarlierRepeatsNothing() {
    onContext(() -> feed.add(EVERYTHING));
    sends(10, 15);
    sends(11, 18);
    sends(18, 19);

    sees(10, 19);
    assertThat(reads).hasValue(0);
  }

  @Test
  void whoMustNotMissAnythingReadsWhatWasRoutedByOlderInterests() {
    onContext(() -> feed.add(EVERYTHING));
    long older = version;
    onContext(() -> feed.addWhole(new Interest(ANN, Interest.Kind.FILTER, "temp")));
    assertThat(version).isGreaterThan(older);
    sendsNothing(10, 14, older);
    sends(14, 16);

    sees(10, 16);
  }

  @Test
  void whatIsWantedAndNoLongerWantedInOneTurnDoesNotHoldUpOthers() {
    onContext(() -> feed.add(EVERYTHING));
    onContext(
        () -> {
          var other = new Interest(ANN, Interest.Kind.FILTER, "temp");
          var added = feed.addWhole(other);
          feed.remove(other);
          return added;
        });
    sends(10, 14);

    sees(10, 14);
    assertThat(reads).hasValue(0);
  }

  @Test
  void goesOnWhenTheJournalCanBeReadAgain() {
    onContext(() -> feed.add(EVERYTHING));
    committed = 12;
    sends(10, 12);
    sends(20, 21);
    sees(10, 12);
    await().atMost(LIMIT).until(() -> reads.get() > 1);

    committed = 100;

    sees(10, 21);
  }

  @Test
  void passesOverWhatIsNoLongerKept() {
    onContext(() -> feed.add(EVERYTHING));
    kept = 15;
    sends(20, 22);

    sees(15, 22);
  }

  @Test
  void whoWantedNothingForAWhileBeginsAnew() {
    onContext(() -> feed.add(EVERYTHING));
    sends(10, 12);
    sees(10, 12);
    onContext(
        () -> {
          feed.remove(EVERYTHING);
          return Future.succeededFuture(0);
        });
    routed = 50;
    seen.clear();

    onContext(() -> feed.add(EVERYTHING));
    sends(50, 53);

    sees(50, 53);
    assertThat(reads).hasValue(0);
  }

  @CanIgnoreReturnValue
  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @CanIgnoreReturnValue
  private <T> T onContext(Supplier<Future<T>> work) {
    var result = new CompletableFuture<T>();
    context.runOnContext(
        _ -> work.get().onSuccess(result::complete).onFailure(result::completeExceptionally));
    return result.orTimeout(20, TimeUnit.SECONDS).join();
  }
}
