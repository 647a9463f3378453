package io.starling.webhooks.shard;

import static io.starling.webhooks.shard.FollowerParts.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.directory.Directory;
import io.starling.webhooks.delivery.Mark;
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

  private Lanes lanes() {
    var matcher = new Matcher(new Directory(clock));
    var dispatcher = FollowerParts.dispatcher(vertx, bus, matcher, clock);
    var parking = FollowerParts.noParking(vertx, dispatcher, matcher);
    return FollowerParts.lanes(matcher, dispatcher, parking, Mark.at(READ));
  }

  private CursorKeeper keeper(Lanes lanes) {
    var client = FollowerParts.client(vertx, bus);
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
