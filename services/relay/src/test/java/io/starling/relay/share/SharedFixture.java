package io.starling.relay.share;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.bootstrap.interest.JournalReader;
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
import io.starling.contract.SharedFilter;
import io.starling.journal.Position;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A router over one shard whose journal is a list, with an event called {@code t} in each record,
 * known by its number; and gateways that take what they are given. Everything happens on the
 * router's event loop, in {@link #run}.
 */
final class SharedFixture implements AutoCloseable {
  static final AccountId ANN = AccountId.create();
  static final SharedFilter SHARE = SharedFilter.parse("$share/g/t").orElseThrow();
  private static final DeviceId DEVICE = DeviceId.create();

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final SharedRouter router;
  private final Context context = vertx.getOrCreateContext();
  private final List<Buffer> journal = new ArrayList<>();

  /** A gateway: what it has, by id, with the number of the event. */
  final class Gateway {
    final String name;
    final Map<Long, Integer> has = new LinkedHashMap<>();
    final List<Integer> given = new ArrayList<>();
    private Bus.@Nullable Registration registration;
    private Interest.@Nullable Share share;

    Gateway(String name) {
      this.name = name;
    }

    void took(LiveMessage.SharedEvents message) {
      var events = EventBatch.decode(message.events());
      for (int i = 0; i < events.size(); i++) {
        int number = (int) events.get(i).id().sequence();
        has.put(message.given().get(i).id(), number);
        given.add(number);
      }
    }

    /** Has so many members, with room for so many events. */
    void joins(int members, int room) {
      run(
          () -> {
            var before = share;
            var now = new Interest.Share(members, room);
            share = now;
            router.change(
                name,
                List.of(Interest.shared(ANN, SHARE, now)),
                before == null ? List.of() : List.of(Interest.shared(ANN, SHARE, before)));
          });
    }

    void leaves() {
      run(
          () -> {
            router.change(
                name, List.of(), List.of(Interest.shared(ANN, SHARE, requireNonNull(share))));
            share = null;
          });
    }

    /** Finishes with this many of what it has had for the longest; answers which. */
    @CanIgnoreReturnValue
    List<Integer> finishes(int events) {
      return call(
          () -> {
            var numbers = has.values().stream().limit(events).toList();
            done(has.keySet().stream().limit(events).toList(), List.of());
            return numbers;
          });
    }

    void givesBackAll() {
      run(() -> done(List.of(), List.copyOf(has.keySet())));
    }

    void done(List<Long> done, List<Long> back) {
      has.keySet().removeAll(done);
      has.keySet().removeAll(back);
      var _ = router.done(new RelayRequest.SharedDone("r", name, done, back));
    }

    void dies() {
      var _ = get(requireNonNull(registration).end());
    }
  }

  SharedFixture() {
    var _ = get(bus.serve("relay.r", RelayRequest.class, this::answer));
    var leaders = get(ShardLeaders.open(bus));
    leaders.heard(
        new RelayHint.Leading("r", List.of(new RelayHint.Lead(ShardLeaders.logName(0), 1))));
    router =
        call(() -> new SharedRouter(vertx, bus, new JournalReader(bus, leaders), "r", 1, meters));
  }

  private Future<RelayReply> answer(RelayRequest request) {
    if (!(request instanceof RelayRequest.ReadMatching read)) {
      return Future.failedFuture("not asked for in these tests: " + request);
    }
    return vertx.timer(1).compose(_ -> onLoop(() -> Future.succeededFuture(read(read))));
  }

  /** Pages of seven. */
  private RelayReply read(RelayRequest.ReadMatching read) {
    var records = new ArrayList<RelayReply.RecordAt>();
    var events = Buffer.buffer();
    int to = (int) Math.min(read.until().index(), read.from().index() + 7);
    for (int index = (int) read.from().index(); index < to; index++) {
      events.appendBuffer(journal.get(index));
      records.add(new RelayReply.RecordAt(at(index), journal.get(index).length()));
    }
    return new RelayReply.Records(records, events, at(to));
  }

  static JournalPosition at(long index) {
    return new JournalPosition(index, 0);
  }

  Gateway gateway(String name) {
    var gateway = new Gateway(name);
    gateway.registration =
        get(
            onLoop(
                () -> bus.listen("shared." + name, LiveMessage.SharedEvents.class, gateway::took)));
    return gateway;
  }

  /** Leads the shard from this index on. */
  void leads(int from, Map<String, Position> cursors) {
    run(
        () -> {
          var begin = router.states().lead(0, at(from), cursors);
          for (int index = (int) begin.index(); index < journal.size(); index++) {
            route(index);
          }
        });
  }

  /** Commits so many events, and routes each. */
  void publishes(int events) {
    run(
        () -> {
          for (int i = 0; i < events; i++) {
            int number = journal.size();
            journal.add(
                EventBatch.encode(
                    new Event(
                        new EventId(DEVICE, 1, number),
                        Origin.DEVICE,
                        ANN,
                        0,
                        "t",
                        Buffer.buffer("x"),
                        EventClass.NORMAL,
                        1)));
            route(number);
          }
        });
  }

  private void route(int index) {
    router.states().routing(0, at(index + 1), true);
    var batch = EventBatch.of(journal.get(index));
    while (batch.next()) {
      router.offer(0, at(index), batch);
    }
    router.flush();
  }

  int published() {
    return journal.size();
  }

  /** All that some gateways were given. */
  static Set<Integer> given(Gateway... gateways) {
    var all = new HashSet<Integer>();
    for (var gateway : gateways) {
      all.addAll(gateway.given);
    }
    return all;
  }

  void run(Runnable work) {
    var _ =
        call(
            () -> {
              work.run();
              return 0;
            });
  }

  <T> T call(Supplier<T> work) {
    return get(onLoop(() -> Future.succeededFuture(work.get())));
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Promise<T> result = Promise.promise();
    context.runOnContext(_ -> Future.succeededFuture().compose(_ -> work.get()).onComplete(result));
    return result.future();
  }

  static <T extends @Nullable Object> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    var _ = get(vertx.close());
  }
}
