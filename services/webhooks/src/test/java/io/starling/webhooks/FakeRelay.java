package io.starling.webhooks;

import io.starling.bootstrap.Node;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.BusMessage;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayHint;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One shard's journal in memory, answering {@code RelayRequest} as a relay does: cursors that never
 * go back, long polls, and a purge of everything that all cursors have passed. Outlives the
 * processes that ask it, so that these can crash. Thread-safe.
 */
final class FakeRelay {
  static final String NAME = "fake";

  private final NavigableMap<JournalPosition, List<Event>> records = new TreeMap<>();
  private final NavigableMap<String, JournalPosition> cursors = new TreeMap<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private final CursorWatch watch;
  private JournalPosition end = new JournalPosition(7, 0);
  private JournalPosition start = end;
  private final List<Event> appended = new ArrayList<>();
  private long answered;
  private boolean full;
  private boolean retaining;
  private @Nullable Line leased;

  /** Told of every change of the cursors that count, under the fake's lock. */
  interface CursorWatch {
    void changed(String life, Map<String, JournalPosition> cursors);
  }

  FakeRelay(CursorWatch watch) {
    this.watch = watch;
  }

  /**
   * A process's way to the journal.
   *
   * @param holds what kinds of requests are held back
   * @param held what was asked while this was told to hold it back, to be run when it arrives
   */
  record Line(
      AtomicBoolean cut,
      AtomicBoolean notLeader,
      Set<Class<? extends RelayRequest>> holds,
      Queue<Runnable> held) {
    Line() {
      this(
          new AtomicBoolean(),
          new AtomicBoolean(),
          ConcurrentHashMap.newKeySet(),
          new ConcurrentLinkedQueue<>());
    }
  }

  /** Serves one process. */
  Future<Line> serve(Node node) {
    var line = new Line();
    node.leaders()
        .heard(
            new RelayHint.Leading(NAME, List.of(new RelayHint.Lead(ShardLeaders.logName(0), 1))));
    return node.bus()
        .serve("relay." + NAME, RelayRequest.class, request -> route(node.vertx(), request, line))
        .map(line);
  }

  private Future<? extends BusMessage> route(Vertx vertx, RelayRequest request, Line line) {
    if (line.cut().get()) {
      return Promise.<BusMessage>promise().future();
    }
    if (line.notLeader().get()) {
      return Future.succeededFuture(new RelayReply.NotLeader(null));
    }
    if (line.holds().contains(request.getClass())) {
      // The answer goes nowhere: whoever asked has stopped waiting for it.
      line.held()
          .add(
              () -> {
                var _ = answer(vertx, request, line);
              });
      return Promise.<BusMessage>promise().future();
    }
    return answer(vertx, request, line);
  }

  /** Appends events, each list as one record. */
  @SafeVarargs
  final synchronized void append(List<Event>... batches) {
    for (var batch : batches) {
      // Two records per entry, and entries of other kinds in between.
      records.put(end, batch);
      end =
          end.offset() == 0
              ? new JournalPosition(end.index(), 1)
              : new JournalPosition(end.index() + 2, 0);
    }
    var woken = List.copyOf(waiting);
    waiting.clear();
    woken.forEach(Runnable::run);
  }

  private RelayReply.AppendReply append(Buffer batch) {
    if (full) {
      return new RelayReply.Full();
    }
    var events = EventBatch.decode(batch.copy());
    appended.addAll(events);
    append(events);
    return new RelayReply.Appended(EventClass.BULK);
  }

  /** Keeps what all cursors have passed, as a journal does for some hours. */
  synchronized void retain() {
    retaining = true;
  }

  /** From now on the disk is full, or not. */
  synchronized void setFull(boolean now) {
    full = now;
  }

  /** What the service has appended, in order. */
  synchronized List<Event> appended() {
    return List.copyOf(appended);
  }

  /** The cursors that count: of all lives with a main cursor the latest, named without it. */
  synchronized Map<String, JournalPosition> cursors() {
    return counting(cursors);
  }

  /** The names of all cursors. */
  synchronized Set<String> names() {
    return Set.copyOf(cursors.keySet());
  }

  private static Map<String, JournalPosition> counting(
      NavigableMap<String, JournalPosition> cursors) {
    var counting = new TreeMap<String, JournalPosition>();
    String main = latestMain(cursors);
    cursors.forEach(
        (name, position) -> {
          if (name.equals(main) || name.startsWith(main + "/")) {
            counting.put("webhooks" + name.substring(main.length()), position);
          }
        });
    return counting;
  }

  private static String latestMain(NavigableMap<String, JournalPosition> cursors) {
    return cursors.keySet().stream()
        .filter(name -> !name.contains("/"))
        .max(Comparator.naturalOrder())
        .orElse("none");
  }

  synchronized JournalPosition end() {
    return end;
  }

  /** The position of the first record kept. */
  synchronized JournalPosition start() {
    return start;
  }

  synchronized long answered() {
    return answered;
  }

  /** What a leader that crashes may forget. */
  synchronized void forgetLane(IntegrationId integration) {
    cursors.remove(latestMain(cursors) + "/" + integration);
  }

  synchronized void putCursor(String name, JournalPosition position) {
    cursors.put(name, position);
  }

  private synchronized Future<? extends BusMessage> answer(
      Vertx vertx, RelayRequest request, Line line) {
    answered++;
    return switch (request) {
      case RelayRequest.Read read -> read(vertx, read, line);
      case RelayRequest.SetCursor set -> {
        cursors.merge(
            set.consumer(), set.position(), (old, now) -> now.compareTo(old) > 0 ? now : old);
        changed();
        yield Future.succeededFuture(new RelayReply.CursorTaken());
      }
      case RelayRequest.RemoveCursor remove -> {
        cursors.remove(remove.consumer());
        changed();
        yield Future.succeededFuture(new RelayReply.CursorTaken());
      }
      case RelayRequest.ListCursors list ->
          Future.succeededFuture(
              new RelayReply.Cursors(
                  new TreeMap<>(
                      cursors.subMap(list.prefix(), true, list.prefix() + '\uffff', true)),
                  start,
                  end));
      case RelayRequest.Append append -> Future.succeededFuture(append(append.events()));
      case RelayRequest.Lease lease -> Future.succeededFuture(lease(lease, line));
      default -> Future.failedFuture("not in this fake");
    };
  }

  /** One whose line was cut cannot hold anything for long. */
  @SuppressWarnings("ReferenceEquality")
  private RelayReply.Leased lease(RelayRequest.Lease request, Line line) {
    boolean free = leased == null || leased == line || leased.cut().get();
    if (free) {
      leased = request.millis() > 0 ? line : null;
    }
    return new RelayReply.Leased(free && request.millis() > 0);
  }

  private void changed() {
    watch.changed(latestMain(cursors), counting(cursors));
    var lowest =
        cursors.entrySet().stream()
            .filter(cursor -> !cursor.getKey().startsWith("#"))
            .map(Map.Entry::getValue)
            .min(JournalPosition::compareTo);
    lowest
        .filter(_ -> !retaining)
        .ifPresent(
            low -> {
              records.headMap(low, false).clear();
              start = low.compareTo(start) > 0 ? low : start;
            });
  }

  private Future<? extends BusMessage> read(Vertx vertx, RelayRequest.Read read, Line line) {
    if (read.from().compareTo(start) < 0) {
      return Future.succeededFuture(new RelayReply.Purged(start));
    }
    var rest = records.tailMap(read.from(), true);
    if (!rest.isEmpty() || read.waitMillis() == 0) {
      return Future.succeededFuture(page(rest, read.maxBytes()));
    }
    Promise<BusMessage> promise = Promise.promise();
    long timer = vertx.setTimer(read.waitMillis(), _ -> promise.tryComplete(nothing()));
    var context = vertx.getOrCreateContext();
    waiting.add(
        () -> {
          // Who was cut off has no event loop any more.
          if (!line.cut().get()) {
            context.runOnContext(
                _ -> {
                  if (vertx.cancelTimer(timer)) {
                    promise.complete(pageFrom(read));
                  }
                });
          }
        });
    return promise.future();
  }

  private synchronized RelayReply.ReadReply pageFrom(RelayRequest.Read read) {
    return page(records.tailMap(read.from(), true), read.maxBytes());
  }

  private synchronized RelayReply.ReadReply nothing() {
    return new RelayReply.Records(List.of(), Buffer.buffer(), end);
  }

  private RelayReply.ReadReply page(NavigableMap<JournalPosition, List<Event>> rest, int maxBytes) {
    var positions = new ArrayList<RelayReply.RecordAt>();
    Buffer bytes = Buffer.buffer();
    JournalPosition next = end;
    for (var record : rest.entrySet()) {
      if (!positions.isEmpty() && bytes.length() >= maxBytes) {
        next = record.getKey();
        break;
      }
      int before = bytes.length();
      record.getValue().forEach(event -> EventBatch.write(bytes, event));
      positions.add(new RelayReply.RecordAt(record.getKey(), bytes.length() - before));
    }
    return new RelayReply.Records(positions, bytes, next);
  }
}
