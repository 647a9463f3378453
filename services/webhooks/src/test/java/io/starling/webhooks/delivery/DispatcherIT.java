package io.starling.webhooks.delivery;

import static io.starling.webhooks.shard.FollowerParts.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.Origin;
import io.starling.directory.Directory;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Exchanged;
import io.starling.webhooks.send.Sender;
import io.starling.webhooks.send.Talk;
import io.starling.webhooks.send.Timing;
import io.starling.webhooks.shard.FollowerParts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong in here, where nothing should. */
final class DispatcherIT {
  private static final AccountId ACCOUNT = AccountId.create();
  private static final IntegrationId ILL = IntegrationId.create();
  private static final IntegrationId WELL = IntegrationId.create();

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final Directory directory = new Directory(InstantSource.system());

  /** As often as {@code ILL} is asked for, from the first: broken, broken, whole. */
  private static final class Mistaken implements Sender {
    final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
    private int asked;

    @Override
    public Future<Exchanged> attempt(Hook hook, List<Event> events, String id) {
      if (hook.integration().id().equals(ILL)) {
        asked++;
        if (asked == 1) {
          throw new NoClassDefFoundError("a class that the test takes away");
        } else if (asked == 2) {
          return Future.failedFuture("a promise that the test breaks");
        }
      }
      taken.add(id);
      var done = new Attempt.Delivered(200);
      return Future.succeededFuture(new Exchanged(done, "h", null, Timing.NONE, Talk.NONE));
    }
  }

  @BeforeEach
  void serve() {
    FollowerParts.fill(vertx, bus, directory, ACCOUNT, ILL, WELL);
  }

  @AfterEach
  void close() {
    var _ = await(vertx.close());
  }

  private static Event event() {
    return new Event(
        new EventId(new DeviceId(1, 1), 1, 1),
        Origin.DEVICE,
        ACCOUNT,
        0,
        "temp",
        Buffer.buffer("25"),
        EventClass.NORMAL,
        System.currentTimeMillis());
  }

  private static String id(IntegrationId integration) {
    return Delivery.webhookId(event(), integration);
  }

  @Test
  void aMistakeHoldsUpNobodyAndLosesNothing() {
    var sender = new Mistaken();
    var matcher = new Matcher(directory);
    var clock = InstantSource.system();
    var dispatcher = FollowerParts.dispatcher(vertx, bus, matcher, clock, sender);
    vertx.runOnContext(
        _ -> {
          for (var integration : List.of(ILL, WELL)) {
            var backlog = dispatcher.open(ACCOUNT, integration, () -> {});
            var _ = dispatcher.offer(backlog, event(), Mark.at(new JournalPosition(2, 0)));
            vertx.setPeriodic(10, _ -> dispatcher.start(backlog));
          }
        });
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(sender.taken).containsExactlyInAnyOrder(id(WELL), id(ILL)));
    assertThat(sender.taken.peek()).isEqualTo(id(WELL));
  }
}
