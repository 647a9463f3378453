package io.starling.connection;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.TopicFilter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Stands in for a relay that leads all shards: keeps what is appended in memory, answers as it is
 * told, and sends events to the holders whose interest matches.
 */
final class FakeRelay {
  static final String NAME = "fake";

  private static final int SHARDS = 3;

  final List<Event> events = new CopyOnWriteArrayList<>();
  final Queue<Held> held = new ConcurrentLinkedQueue<>();
  final Map<String, Set<Interest>> interests = new ConcurrentHashMap<>();
  private final Map<Integer, JournalPosition> sentTo = new ConcurrentHashMap<>();
  private final Bus bus;
  private volatile Function<RelayRequest.Append, Future<RelayReply.AppendReply>> behaviour =
      this::commit;

  /** A batch that waits for its answer. */
  record Held(RelayRequest.Append append, Promise<RelayReply.AppendReply> answer) {}

  FakeRelay(Bus bus) {
    this(bus, NAME);
  }

  FakeRelay(Bus bus, String name) {
    this.bus = bus;
    TestRegion.done(bus.serve("relay." + name, RelayRequest.class, this::answer));
  }

  /** Commits at once. */
  void commits() {
    behaviour = this::commit;
  }

  /** Answers everything so, and appends nothing. */
  void answers(RelayReply.AppendReply reply) {
    behaviour = _ -> Future.succeededFuture(reply);
  }

  /** Commits only what is at least as important. */
  void commitsOnly(EventClass least) {
    behaviour =
        append -> {
          keep(EventBatch.atLeast(append.events(), least), append.shard());
          return Future.succeededFuture(new RelayReply.Appended(least));
        };
  }

  /** Keeps batches waiting until {@link #release}. */
  void holds() {
    behaviour =
        append -> {
          Promise<RelayReply.AppendReply> answer = Promise.promise();
          held.add(new Held(append, answer));
          return answer.future();
        };
  }

  /** Commits, but answers nothing for the first batches. */
  void losesAnswers(int batches) {
    var left = new AtomicInteger(batches);
    behaviour =
        append -> {
          var committed = commit(append);
          return left.getAndDecrement() > 0
              ? Promise.<RelayReply.AppendReply>promise().future()
              : committed;
        };
  }

  /** Commits everything held. */
  void release() {
    for (var one = held.poll(); one != null; one = held.poll()) {
      keep(one.append().events(), one.append().shard());
      one.answer().complete(new RelayReply.Appended(EventClass.BULK));
    }
  }

  Set<Interest> interestsOf(String holder) {
    return interests.getOrDefault(holder, Set.of());
  }

  List<String> names() {
    return events.stream().map(Event::name).toList();
  }

  private Future<RelayReply.AppendReply> commit(RelayRequest.Append append) {
    keep(append.events(), append.shard());
    return Future.succeededFuture(new RelayReply.Appended(EventClass.BULK));
  }

  private void keep(Buffer batch, int shard) {
    var appended = EventBatch.decode(batch.copy());
    events.addAll(appended);
    interests.forEach((holder, wanted) -> send(holder, wanted, appended, shard));
  }

  private void send(String holder, Set<Interest> wanted, List<Event> appended, int shard) {
    Buffer live = Buffer.buffer();
    appended.stream()
        .filter(event -> wanted.stream().anyMatch(interest -> matches(interest, event)))
        .forEach(event -> EventBatch.write(live, event));
    if (live.length() > 0) {
      sendLive(holder, shard, live);
    }
  }

  private static boolean matches(Interest interest, Event event) {
    return interest.account().equals(event.account())
        && new TopicFilter(interest.text()).matches(event.name());
  }

  private Future<RelayReply> answer(RelayRequest request) {
    return switch (request) {
      case RelayRequest.Append append -> behaviour.apply(append).map(reply -> reply);
      case RelayRequest.ChangeInterest change -> {
        var mine = interests.computeIfAbsent(change.holder(), _ -> ConcurrentHashMap.newKeySet());
        mine.addAll(change.added());
        mine.removeAll(change.removed());
        yield Future.succeededFuture(new RelayReply.InterestTaken(positions()));
      }
      default -> Future.failedFuture("not asked for in these tests: " + request);
    };
  }

  /** Sends events behind those that were sent before. */
  void sendLive(String holder, int shard, Buffer events) {
    var from = sentTo.getOrDefault(shard, JournalPosition.START);
    var to = new JournalPosition(from.index() + 1, 0);
    sentTo.put(shard, to);
    var records = List.of(new RelayReply.RecordAt(from, events.length()));
    bus.hint(new LiveMessage.LiveEvents(holder, shard, Long.MAX_VALUE, from, to, records, events));
  }

  private Map<Integer, JournalPosition> positions() {
    return IntStream.range(0, SHARDS)
        .boxed()
        .collect(
            Collectors.toMap(
                shard -> shard, shard -> sentTo.getOrDefault(shard, JournalPosition.START)));
  }
}
