package io.starling.relay;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Interest;
import io.starling.contract.LiveMessage;
import io.starling.contract.Origin;
import io.starling.contract.RelayRequest;
import io.starling.directory.Directory;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holders of subscriptions, one of which does not keep up. No database is there or needed. */
class LiveHolderIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final AccountId ANN = AccountId.create();
  private static final DeviceId DEVICE = DeviceId.create();
  private static final long MAX_UNDER_WAY_BYTES = 16 << 20;
  private static final long LARGEST_MESSAGE_BYTES = 2 << 20;
  private static final int EVENT_BYTES = 128 << 10;

  @TempDir Path data;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Vertx vertx;
  private Node node;
  private Context context;
  private EventAppender appender;
  private long appended;

  /** One who listens, and says that it has taken what came at once, or only when told to. */
  private static final class Holder {
    final AtomicLong bytes = new AtomicLong();
    final List<Long> sequences = new CopyOnWriteArrayList<>();
    private final List<Message<?>> untaken = new ArrayList<>();
    private boolean takes;

    Holder(boolean takes) {
      this.takes = takes;
    }

    synchronized void heard(Message<LiveMessage.LiveEvents> message) {
      var events = message.body().events();
      bytes.addAndGet(events.length());
      EventBatch.decode(events).forEach(event -> sequences.add(event.id().sequence()));
      if (takes) {
        message.reply(null);
      } else {
        untaken.add(message);
      }
    }

    synchronized void takesAll() {
      takes = true;
      untaken.forEach(message -> message.reply(null));
      untaken.clear();
    }
  }

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    node =
        get(
            Node.open(
                "node", "region", data, 1, vertx, Sessions.ofThisProcess(), new Health(), meters));
    var nowhere = DatabaseConfig.of("postgresql://nobody:none@127.0.0.1:1/none");
    var pool = PrimaryPool.open(vertx, "test", nowhere, meters);
    var directory = new Directory(InstantSource.system());
    var config = new RelayConfig("127.0.0.1", 0, List.of(), Duration.ofHours(3), 0, 1 << 20, 30);
    get(vertx.deployVerticle(new RelayService(node, config, pool, directory, _ -> {})));
    context = vertx.getOrCreateContext();
    appender =
        onContext(
            () ->
                Future.succeededFuture(
                    new EventAppender(vertx, node.bus(), node.leaders(), 1, LIMIT)));
  }

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  @Test
  void aHolderThatDoesNotKeepUpLosesEventsAndNobodyElseDoes() throws Exception {
    var quick = holder("quick", true);
    var slow = holder("slow", false);

    // What is not taken counts as under way for ten seconds, so it has to come faster than that.
    await().atMost(Duration.ofSeconds(60)).until(() -> appendSome() && dropped() > 0);
    arrivesWhole(quick);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(slow.bytes.get() + dropped()).isEqualTo(quick.bytes.get()));
    assertThat(slow.bytes.get()).isGreaterThan(MAX_UNDER_WAY_BYTES - LARGEST_MESSAGE_BYTES);
    assertThat(slow.sequences).isNotEmpty().isSorted().hasSizeLessThan(quick.sequences.size());

    slow.takesAll();
    long late = appended;
    await().atMost(LIMIT).until(() -> appendSome() && slow.sequences.getLast() >= late);
    arrivesWhole(quick);
  }

  /** Where it is when that completes everything begins, also what was routed before. */
  @Test
  void whoMustHaveEverythingMissesNothingThatWasRoutedAMomentBefore() throws Exception {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    var feed =
        onContext(
            () ->
                LiveFeed.open(
                    vertx,
                    node.bus(),
                    node.leaders(),
                    1,
                    "whole",
                    entries ->
                        EventBatch.decode(entries.events())
                            .forEach(event -> seen.add(event.name()))));
    onContext(() -> feed.addWhole(filter("other")));
    var everything = holder("everything", true);
    var due = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      String name = "late/" + i;
      var before = feed.at(0);
      var event = event(appended++, name, 1);
      var outcome = onContext(() -> appender.append(0, event));
      assertThat(outcome).isInstanceOf(Outcome.Committed.class);
      long sequence = event.id().sequence();
      await()
          .pollInterval(Duration.ofMillis(2))
          .until(() -> everything.sequences.contains(sequence));
      onContext(() -> feed.addWhole(filter(name)));
      if (feed.at(0).equals(before)) {
        due.add(name);
      }
    }
    assertThat(due).isNotEmpty();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).containsAll(due));
  }

  private static Interest filter(String text) {
    return new Interest(ANN, Interest.Kind.FILTER, text);
  }

  private void arrivesWhole(Holder holder) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(holder.sequences)
                    .isEqualTo(LongStream.range(0, appended).boxed().toList()));
  }

  private Holder holder(String name, boolean takes) throws Exception {
    var holder = new Holder(takes);
    get(
        vertx
            .eventBus()
            .<LiveMessage.LiveEvents>consumer("live." + name)
            .handler(holder::heard)
            .completion());
    var interests = List.of(new Interest(ANN, Interest.Kind.PREFIX, ""));
    var request = new RelayRequest.SetInterest("node", name, 1, interests);
    get(node.bus().ask(request, LIMIT));
    vertx.setPeriodic(
        2_000,
        _ -> {
          var _ = node.bus().ask(request, LIMIT);
        });
    return holder;
  }

  /** Appends four MiB, all of which the journal takes. */
  private boolean appendSome() throws Exception {
    var outcomes =
        onContext(
            () -> {
              var all = new ArrayList<Future<Outcome>>();
              for (int i = 0; i < 32; i++) {
                all.add(appender.append(0, event(appended++)));
              }
              return Future.all(all).map(done -> done.<Outcome>list());
            });
    assertThat(outcomes).allMatch(Outcome.Committed.class::isInstance);
    return true;
  }

  private static Event event(long sequence) {
    return event(sequence, "temp", EVENT_BYTES);
  }

  private static Event event(long sequence, String name, int bytes) {
    return new Event(
        new EventId(DEVICE, 1, sequence),
        Origin.DEVICE,
        ANN,
        0,
        name,
        Buffer.buffer(new byte[bytes]),
        EventClass.NORMAL,
        1_750_000_000_000L);
  }

  private long dropped() {
    return (long) meters.get("starling.live.dropped").counter().count();
  }

  @CanIgnoreReturnValue
  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }

  @CanIgnoreReturnValue
  private <T> T onContext(Supplier<Future<T>> work) throws Exception {
    var result = new CompletableFuture<T>();
    context.runOnContext(
        _ -> work.get().onSuccess(result::complete).onFailure(result::completeExceptionally));
    return result.get(30, SECONDS);
  }
}
