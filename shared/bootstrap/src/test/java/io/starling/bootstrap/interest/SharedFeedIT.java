package io.starling.bootstrap.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.Interest;
import io.starling.contract.Interest.Share;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayHint;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.SharedFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A holder of shared subscriptions and a relay on one bus. */
class SharedFeedIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final AccountId ANN = AccountId.create();
  private static final SharedFilter SHARE = SharedFilter.parse("$share/g/t").orElseThrow();
  private static final Interest ONE = Interest.shared(ANN, SHARE, new Share(1, 10));
  private static final Interest TWO = Interest.shared(ANN, SHARE, new Share(2, 20));

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);

  /** What the relay was told, in this order. */
  private final List<Object> told = new CopyOnWriteArrayList<>();

  private final List<LiveMessage.SharedEvents> given = new CopyOnWriteArrayList<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private Context context;
  private SharedFeed feed;

  @BeforeEach
  void open() {
    get(bus.serve("relay.r", RelayRequest.class, this::answer));
    var leaders = get(ShardLeaders.open(bus));
    leaders.heard(
        new RelayHint.Leading("r", List.of(new RelayHint.Lead(ShardLeaders.logName(0), 1))));
    context = vertx.getOrCreateContext();
    feed = onContext(() -> SharedFeed.open(vertx, bus, leaders, "h/1", given::add));
  }

  @AfterEach
  void close() {
    get(vertx.close());
  }

  private Future<? extends RelayReply> answer(RelayRequest request) {
    return switch (request) {
      case RelayRequest.ChangeInterest change -> {
        if (!change.added().isEmpty() || !change.removed().isEmpty()) {
          told.add(List.of(change.added(), change.removed()));
        }
        yield Future.succeededFuture(new RelayReply.InterestTaken(Map.of()));
      }
      case RelayRequest.SharedDone done when unanswered.getAndDecrement() > 0 ->
          Future.failedFuture("not this time: " + done);
      case RelayRequest.SharedDone done -> {
        told.add(done);
        yield Future.succeededFuture(new RelayReply.SharedNoted());
      }
      default -> Future.failedFuture("not asked for in these tests: " + request);
    };
  }

  private static RelayRequest.SharedDone done(List<Long> done, List<Long> back) {
    return new RelayRequest.SharedDone("r", "h/1", done, back);
  }

  @Test
  void handsOverWhatIsGiven() {
    var events = new LiveMessage.SharedEvents("h/1", "r", List.of(), Buffer.buffer());
    get(bus.deliver(events, LIMIT));
    assertThat(given).containsExactly(events);
  }

  @Test
  void saysAllOfOneTurnTogetherAndWhatIsDoneBeforeWhoIsGone() {
    onContext(() -> feed.change(null, ONE));
    onContext(() -> feed.change(ONE, TWO));
    onContext(
        () -> {
          var known = feed.change(TWO, null);
          feed.done("r", 1);
          feed.back("r", 2);
          feed.done("r", 3);
          return known;
        });

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly(
                        List.of(List.of(ONE), List.of()),
                        List.of(List.of(TWO), List.of(ONE)),
                        done(List.of(1L, 3L), List.of(2L)),
                        List.of(List.of(), List.of(TWO))));
  }

  @Test
  void saysItAgainUntilTheRelayHasIt() {
    unanswered.set(2);
    onContext(
        () -> {
          feed.done("r", 7);
          return Future.succeededFuture(true);
        });
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(told).containsExactly(done(List.of(7L), List.of())));
  }

  @Test
  void saysMuchInParts() {
    onContext(
        () -> {
          LongStream.range(0, 1_500).forEach(id -> feed.done("r", id));
          return Future.succeededFuture(true);
        });
    await().atMost(LIMIT).untilAsserted(() -> assertThat(told).hasSize(2));
    assertThat(told)
        .flatExtracting(one -> ((RelayRequest.SharedDone) one).done())
        .hasSize(1_500)
        .doesNotHaveDuplicates();
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
