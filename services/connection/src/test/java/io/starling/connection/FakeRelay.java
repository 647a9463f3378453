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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

  /** The batches of each shard: the first is at index 0. */
  private final Map<Integer, List<Buffer>> journal = new ConcurrentHashMap<>();

  /** How often sessions read it. */
  final AtomicInteger reads = new AtomicInteger();

  /** What gateways have finished with of shared subscriptions, and what they gave back. */
  final Set<Long> done = ConcurrentHashMap.newKeySet();

  final Set<Long> back = ConcurrentHashMap.newKeySet();
  private final AtomicLong ids = new AtomicLong();

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
    var at = record(shard, batch.copy());
    interests.forEach((holder, wanted) -> send(holder, wanted, appended, shard, at));
  }

  private void send(
      String holder, Set<Interest> wanted, List<Event> appended, int shard, JournalPosition at) {
    Buffer live = Buffer.buffer();
    appended.stream()
        .filter(event -> wanted.stream().anyMatch(interest -> matches(interest, event)))
        .forEach(event -> EventBatch.write(live, event));
    if (live.length() > 0) {
      sendLive(holder, shard, at, live);
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
      case RelayRequest.ReadMatching read -> Future.succeededFuture(read(read));
      case RelayRequest.SharedDone said -> {
        done.addAll(said.done());
        back.addAll(said.back());
        yield Future.succeededFuture(new RelayReply.SharedNoted());
      }
      default -> Future.failedFuture("not asked for in these tests: " + request);
    };
  }

  /** What a gateway told of its shared subscriptions, by their filter. */
  Map<String, Interest.Share> sharesOf(String gateway) {
    return interestsOf(sharedHolder(gateway)).stream()
        .collect(Collectors.toMap(Interest::text, one -> Objects.requireNonNull(one.share())));
  }

  private String sharedHolder(String gateway) {
    return interests.keySet().stream()
        .filter(holder -> holder.startsWith(gateway + "/"))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Commits an event, and gives it to a gateway for a shared subscription; answers under which id.
   */
  long give(String gateway, String filter, Event event) {
    var bytes = EventBatch.encode(event);
    long id = ids.incrementAndGet();
    var given = new LiveMessage.Given(id, filter, 0, record(0, bytes));
    bus.hint(new LiveMessage.SharedEvents(sharedHolder(gateway), NAME, List.of(given), bytes));
    return id;
  }

  /** Commits events, and sends them to one holder. */
  void sendLive(String holder, int shard, Buffer events) {
    sendLive(holder, shard, record(shard, events), events);
  }

  private JournalPosition record(int shard, Buffer events) {
    var records = journal.computeIfAbsent(shard, _ -> new CopyOnWriteArrayList<>());
    records.add(events);
    return new JournalPosition(records.size() - 1, 0);
  }

  private void sendLive(String holder, int shard, JournalPosition at, Buffer events) {
    var to = new JournalPosition(at.index() + 1, 0);
    var records = List.of(new RelayReply.RecordAt(at, events.length()));
    // Nothing that a holder did not get matches: it need not know where the last one ended.
    bus.hint(
        new LiveMessage.LiveEvents(
            holder, shard, Long.MAX_VALUE, JournalPosition.START, to, records, events));
  }

  private RelayReply.ReadReply read(RelayRequest.ReadMatching read) {
    reads.incrementAndGet();
    var positions = new ArrayList<RelayReply.RecordAt>();
    var found = Buffer.buffer();
    var records = journal.getOrDefault(read.shard(), List.of());
    long next = read.from().index();
    for (; next < read.until().index() && found.length() < read.maxBytes(); next++) {
      int before = found.length();
      for (var event : EventBatch.decode(records.get((int) next))) {
        if (event.account().equals(read.account())
            && read.filters().stream().anyMatch(f -> new TopicFilter(f).matches(event.name()))) {
          EventBatch.write(found, event);
        }
      }
      if (found.length() > before) {
        positions.add(
            new RelayReply.RecordAt(new JournalPosition(next, 0), found.length() - before));
      }
    }
    return new RelayReply.Records(positions, found, new JournalPosition(next, 0));
  }

  private Map<Integer, JournalPosition> positions() {
    return IntStream.range(0, SHARDS)
        .boxed()
        .collect(
            Collectors.toMap(
                shard -> shard,
                shard -> new JournalPosition(journal.getOrDefault(shard, List.of()).size(), 0)));
  }
}
