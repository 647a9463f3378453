package io.starling.webhooks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.directory.Directory;
import io.starling.webhooks.delivery.DeliveryClient;
import io.starling.webhooks.delivery.DeliveryLimits;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.delivery.RetryPolicy;
import io.starling.webhooks.match.Matcher;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a life that is over still does to the cursors: nothing. */
final class CursorKeeperIT {
  private static final JournalPosition BEGIN = new JournalPosition(5, 0);
  private static final JournalPosition READ = new JournalPosition(9, 0);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  private final Queue<RelayRequest> asked = new ConcurrentLinkedQueue<>();
  private final Promise<BusMessage> list = Promise.promise();

  @BeforeEach
  void serve() {
    var _ = await(bus.serve("relay.fake", RelayRequest.class, this::answer));
  }

  private Future<? extends BusMessage> answer(RelayRequest request) {
    asked.add(request);
    return request instanceof RelayRequest.ListCursors
        ? list.future()
        : Future.succeededFuture(new RelayReply.CursorTaken());
  }

  @AfterEach
  void close() {
    var _ = await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Lanes lanes() {
    var retries =
        new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofHours(3));
    var limits = new DeliveryLimits(Duration.ofSeconds(20), retries, 512, 64, 64 << 20, true);
    var matcher = new Matcher(new Directory(clock));
    var dispatcher =
        new Dispatcher(
            matcher,
            new DeliveryClient(vertx, limits, clock),
            limits,
            clock,
            new SimpleMeterRegistry());
    return new Lanes(matcher, dispatcher, 5_000, () -> {});
  }

  private CursorKeeper keeper(Lanes lanes) {
    var leaders = await(ShardLeaders.open(vertx));
    var _ = await(leaders.lead(0, "fake", 1));
    var client = new ShardClient(bus, leaders, 0);
    var _ = await(client.connect());
    var nothing = new RelayReply.Cursors(Map.of(), BEGIN, READ);
    return new CursorKeeper(client, lanes, () -> Mark.at(READ), clock, 1, BEGIN, nothing);
  }

  @Test
  void movesTheMainCursorToWhereNothingIsOwed() {
    var _ = await(keeper(lanes()).turn());
    assertThat(asked).containsExactly(new RelayRequest.SetCursor("fake", 0, main(), READ));
  }

  @Test
  void movesNothingOnceTheLanesAreClosed() {
    var lanes = lanes();
    var keeper = keeper(lanes);
    now.addAndGet(5_000);
    var turn = keeper.turn();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !asked.isEmpty());
    // What was owed is forgotten while the relay is asked: that must not look like done.
    lanes.close();
    list.complete(new RelayReply.Cursors(Map.of(), BEGIN, READ));
    assertThat(await(turn.map("moved").otherwise("refused"))).isEqualTo("refused");
    assertThat(List.copyOf(asked)).hasSize(1).allMatch(RelayRequest.ListCursors.class::isInstance);
  }

  private static String main() {
    return CursorName.main(1).toString();
  }
}
