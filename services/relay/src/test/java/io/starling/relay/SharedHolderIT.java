package io.starling.relay;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.interest.SharedFeed;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Interest;
import io.starling.contract.Interest.Share;
import io.starling.contract.LiveMessage;
import io.starling.contract.Origin;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.SharedFilter;
import io.starling.directory.Directory;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real relay, and gateways with members of one group. No database is there or needed. */
class SharedHolderIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final AccountId ANN = AccountId.create();
  private static final DeviceId DEVICE = DeviceId.create();
  private static final SharedFilter SHARE = SharedFilter.parse("$share/g/temp").orElseThrow();

  @TempDir Path data;
  private Vertx vertx;
  private Node node;
  private String deployment;
  private long appended;

  /** A gateway that finishes with nothing by itself. */
  private final class Holder {
    final List<Long> sequences = new CopyOnWriteArrayList<>();
    final List<Long> open = new CopyOnWriteArrayList<>();
    final Context context = vertx.getOrCreateContext();
    private final SharedFeed feed;

    Holder(String name) throws Exception {
      feed = on(() -> SharedFeed.open(vertx, node.bus(), node.leaders(), name, this::given));
      var part = Interest.shared(ANN, SHARE, new Share(1, 100));
      on(() -> feed.change(null, part));
    }

    private void given(LiveMessage.SharedEvents message) {
      message.given().forEach(one -> open.add(one.id()));
      EventBatch.decode(message.events()).forEach(event -> sequences.add(event.id().sequence()));
    }

    void finishesFirst(int events) throws Exception {
      on(
          () -> {
            open.subList(0, events).forEach(id -> feed.done("node", id));
            return Future.succeededFuture(true);
          });
    }

    @CanIgnoreReturnValue
    private <T> T on(Supplier<Future<T>> work) throws Exception {
      var result = new CompletableFuture<T>();
      context.runOnContext(
          _ -> work.get().onSuccess(result::complete).onFailure(result::completeExceptionally));
      return result.get(30, SECONDS);
    }
  }

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    node =
        get(
            Node.open(
                "node",
                "region",
                data,
                1,
                vertx,
                Sessions.ofThisProcess(),
                new Health(),
                new SimpleMeterRegistry()));
    deploy();
  }

  private void deploy() throws Exception {
    var nowhere = DatabaseConfig.of("postgresql://nobody:none@127.0.0.1:1/none");
    var pool = PrimaryPool.open(vertx, "test", nowhere, new SimpleMeterRegistry());
    var directory = new Directory(InstantSource.system());
    var config = new RelayConfig("127.0.0.1", 0, List.of(), Duration.ofHours(3), 0, 1 << 20, 30);
    deployment =
        get(vertx.deployVerticle(new RelayService(node, config, pool, directory, _ -> {})));
    await().atMost(LIMIT).until(() -> node.leaders().find(0).isPresent());
  }

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  private void append(int events) throws Exception {
    var batch = Buffer.buffer();
    for (int i = 0; i < events; i++) {
      EventBatch.write(
          batch,
          new Event(
              new EventId(DEVICE, 1, appended++),
              Origin.DEVICE,
              ANN,
              0,
              "temp",
              Buffer.buffer("x"),
              EventClass.NORMAL,
              1_750_000_000_000L));
    }
    var reply = get(node.bus().ask(new RelayRequest.Append("node", 0, batch), LIMIT));
    assertThat(reply).isInstanceOf(RelayReply.Appended.class);
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void gatewaysTakeTurns() throws Exception {
    var one = new Holder("one");
    var other = new Holder("other");

    append(40);

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(one.sequences).hasSize(20).isSorted();
              assertThat(other.sequences).hasSize(20).isSorted();
            });
    var all = new ArrayList<>(one.sequences);
    all.addAll(other.sequences);
    assertThat(all).containsExactlyInAnyOrderElementsOf(numbers(0, 40));
  }

  @Test
  void whatIsBeyondTheRoomIsReadFromTheJournal() throws Exception {
    var one = new Holder("one");
    append(150);
    append(150);
    await().atMost(LIMIT).until(() -> one.sequences.size() == 100);

    one.finishesFirst(100);
    await().atMost(LIMIT).until(() -> one.sequences.size() == 200);
    one.finishesFirst(200);

    await().atMost(LIMIT).untilAsserted(() -> assertThat(one.sequences).isEqualTo(numbers(0, 300)));
  }

  @Test
  void aRelayThatStartsAgainGivesAgainWhatWasNotDone() throws Exception {
    var one = new Holder("one");
    append(30);
    await().atMost(LIMIT).until(() -> one.sequences.size() == 30);
    one.finishesFirst(12);
    // The cursor is written once a second.
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              var cursors =
                  (RelayReply.Cursors)
                      get(
                          node.bus()
                              .ask(new RelayRequest.ListCursors("node", 0, "#shared"), LIMIT));
              assertThat(cursors.cursors()).containsKey("#shared");
            });

    get(vertx.undeploy(deployment));
    one.sequences.clear();
    deploy();
    append(5);

    // One record holds all thirty: what was done of it comes again as well.
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(one.sequences).containsAll(numbers(12, 35)));
  }

  @CanIgnoreReturnValue
  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
