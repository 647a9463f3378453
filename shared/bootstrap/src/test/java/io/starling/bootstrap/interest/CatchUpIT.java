package io.starling.bootstrap.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayHint;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A follower of two shards, and a relay on the same bus whose pages are four entries long. */
class CatchUpIT {
  private static final AccountId ANN = AccountId.create();
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final AtomicInteger reads = new AtomicInteger();
  private final Reading reading = new Reading();
  private Context context;
  private ShardLeaders leaders;
  private CatchUp catchUp;
  private volatile Optional<JournalPosition> live = Optional.of(at(10));
  private volatile int committed = 100;
  private volatile int kept;

  /** The pages of shard 0, each as the positions that it is between. */
  private static final class Reading implements CatchUp.Follower {
    final List<String> pages = new CopyOnWriteArrayList<>();
    final AtomicInteger missed = new AtomicInteger();
    volatile List<String> filters = List.of("t");
    volatile int room = Integer.MAX_VALUE;

    @Override
    public List<String> filters() {
      return filters;
    }

    @Override
    public boolean hasRoom() {
      return room > pages.size();
    }

    @Override
    public void take(int shard, JournalPosition from, RelayReply.Records page) {
      pages.add(from.index() + "-" + page.next().index());
    }

    @Override
    public void missed() {
      missed.incrementAndGet();
    }
  }

  @BeforeEach
  void open() {
    done(bus.serve("relay.r", RelayRequest.ReadMatching.class, this::answer));
    leaders = done(ShardLeaders.open(bus));
    context = vertx.getOrCreateContext();
    catchUp = new CatchUp(vertx, new JournalReader(bus, leaders), ANN, 2, _ -> live, reading);
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  private Future<RelayReply.ReadReply> answer(RelayRequest.ReadMatching read) {
    reads.incrementAndGet();
    int from = (int) read.from().index();
    if (from < kept) {
      return Future.succeededFuture(new RelayReply.Purged(at(kept)));
    }
    int to = Math.min(Math.min(committed, (int) read.until().index()), from + 4);
    return Future.succeededFuture(new RelayReply.Records(List.of(), Buffer.buffer(), at(to)));
  }

  private static JournalPosition at(int index) {
    return new JournalPosition(index, 0);
  }

  private void leads() {
    var lead = List.of(new RelayHint.Lead(ShardLeaders.logName(0), 1));
    leaders.heard(new RelayHint.Leading("r", lead));
  }

  private void from(int index) {
    onContext(
        () -> {
          catchUp.from(0, at(index));
          catchUp.pull();
        });
  }

  private void comesUp() {
    await().atMost(LIMIT).until(() -> ask(catchUp::isLevel));
  }

  @Test
  void readsPageByPageUntilNothingIsBetween() {
    leads();
    from(1);

    comesUp();
    assertThat(reading.pages).containsExactly("1-5", "5-9", "9-10");
  }

  @Test
  void isWhereItReadWhileItIsBehindAndWhereLiveIsThen() {
    onContext(() -> catchUp.from(0, at(3)));

    assertThat(catchUp.at(0)).contains(at(3));
    assertThat(catchUp.isBehind(0)).isTrue();
    assertThat(catchUp.at(1)).contains(at(10));
    assertThat(catchUp.isBehind(1)).isFalse();

    leads();
    onContext(catchUp::pull);
    comesUp();
    assertThat(catchUp.at(0)).contains(at(10));
  }

  @Test
  void readsNothingMoreUntilThereIsRoom() {
    leads();
    reading.room = 1;
    from(1);
    await().atMost(LIMIT).until(() -> reading.pages.size() == 1);
    onContext(catchUp::pull);
    assertThat(catchUp.at(0)).contains(at(5));
    assertThat(reads).hasValue(1);

    reading.room = Integer.MAX_VALUE;
    onContext(catchUp::pull);

    comesUp();
    assertThat(reading.pages).containsExactly("1-5", "5-9", "9-10");
  }

  @Test
  void whoWantsNothingIsLevelAtOnce() {
    reading.filters = List.of();
    from(1);

    assertThat(catchUp.isLevel()).isTrue();
    assertThat(reads).hasValue(0);
  }

  @Test
  void passesOverWhatIsNoLongerKept() {
    kept = 8;
    leads();
    from(1);

    comesUp();
    assertThat(reading.missed).hasValue(1);
    assertThat(reading.pages).containsExactly("8-10");
  }

  @Test
  void waitsForALeaderAndForALiveFeed() {
    live = Optional.empty();
    from(1);
    assertThat(catchUp.isBehind(0)).isTrue();
    live = Optional.of(at(5));
    leads();

    comesUp();
    assertThat(reading.pages).containsExactly("1-5");
  }

  @Test
  void goesOnWhenTheLeaderHasWhatWasCommitted() {
    committed = 3;
    leads();
    from(1);
    await().atMost(LIMIT).until(() -> reads.get() > 2);
    assertThat(reading.pages).containsExactly("1-3");

    committed = 100;

    comesUp();
    assertThat(reading.pages).containsExactly("1-3", "3-7", "7-10");
  }

  @Test
  void takesNothingOnceItIsClosed() {
    live = Optional.empty();
    leads();
    from(1);
    onContext(catchUp::close);
    live = Optional.of(at(10));
    onContext(catchUp::pull);

    assertThat(catchUp.isBehind(0)).isTrue();
    assertThat(reads).hasValue(0);
  }

  @CanIgnoreReturnValue
  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private void onContext(Runnable work) {
    var _ =
        ask(
            () -> {
              work.run();
              return true;
            });
  }

  private <T> T ask(Supplier<T> question) {
    var answer = new CompletableFuture<T>();
    context.runOnContext(_ -> answer.complete(question.get()));
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }
}
