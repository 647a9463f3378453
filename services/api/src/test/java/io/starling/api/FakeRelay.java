package io.starling.api;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A relay whose journal is a list, and which shows events to those who want to see them. */
final class FakeRelay {
  static final String NAME = "fake";

  private final Bus bus;
  private final List<Buffer> records = new CopyOnWriteArrayList<>();
  final List<Event> journal = new CopyOnWriteArrayList<>();
  final Map<String, Set<Interest>> interests = new ConcurrentHashMap<>();

  /** What appends are answered with; nothing at all if it is empty. */
  volatile List<RelayReply.AppendReply> next = List.of(new RelayReply.Appended(EventClass.BULK));

  FakeRelay(Bus bus) {
    this.bus = bus;
  }

  Future<Bus.Registration> serve() {
    return bus.serve("relay." + NAME, RelayRequest.class, this::answer);
  }

  private Future<? extends RelayReply> answer(RelayRequest request) {
    return switch (request) {
      case RelayRequest.Append append -> append(append);
      case RelayRequest.SetInterest all -> {
        interests.put(all.holder(), Set.copyOf(all.interests()));
        yield Future.succeededFuture(new RelayReply.InterestTaken(positions()));
      }
      case RelayRequest.ChangeInterest change -> {
        var wanted = new HashSet<>(interests.getOrDefault(change.holder(), Set.of()));
        change.removed().forEach(wanted::remove);
        wanted.addAll(change.added());
        interests.put(change.holder(), wanted);
        yield Future.succeededFuture(new RelayReply.InterestTaken(positions()));
      }
      case RelayRequest.ReadMatching read -> Future.succeededFuture(read(read));
      default -> Future.failedFuture("not of this fake");
    };
  }

  private Future<RelayReply.AppendReply> append(RelayRequest.Append append) {
    if (next.isEmpty()) {
      return Future.future(_ -> {});
    }
    var reply = next.getFirst();
    if (reply instanceof RelayReply.Appended) {
      var events = EventBatch.decode(append.events());
      journal.addAll(events);
      show(events);
    }
    return Future.succeededFuture(reply);
  }

  /** Commits events to the first shard, and shows them as if devices had published them. */
  void show(List<Event> events) {
    var record = Buffer.buffer();
    events.forEach(event -> EventBatch.write(record, event));
    records.add(record);
    var at = new JournalPosition(records.size() - 1, 0);
    interests.forEach(
        (holder, wanted) -> {
          Buffer bytes = Buffer.buffer();
          for (Event event : events) {
            if (wanted.stream().anyMatch(interest -> wants(interest, event))) {
              EventBatch.write(bytes, event);
            }
          }
          if (bytes.length() > 0) {
            sendLive(holder, at, bytes);
          }
        });
  }

  private static boolean wants(Interest interest, Event event) {
    return interest.account().equals(event.account()) && event.name().startsWith(interest.text());
  }

  private void sendLive(String holder, JournalPosition at, Buffer events) {
    var to = new JournalPosition(at.index() + 1, 0);
    var inside = List.of(new RelayReply.RecordAt(at, events.length()));
    // Nothing that a holder did not get matches: it need not know where the last one ended.
    bus.hint(
        new LiveMessage.LiveEvents(
            holder, 0, Long.MAX_VALUE, JournalPosition.START, to, inside, events));
  }

  /** A few records at a time. */
  private RelayReply.ReadReply read(RelayRequest.ReadMatching read) {
    var found = Buffer.buffer();
    var inside = new ArrayList<RelayReply.RecordAt>();
    int next = (int) read.from().index();
    int until = (int) Math.min(read.until().index(), next + 20);
    for (; next < until; next++) {
      found.appendBuffer(records.get(next));
      inside.add(new RelayReply.RecordAt(new JournalPosition(next, 0), records.get(next).length()));
    }
    return new RelayReply.Records(inside, found, new JournalPosition(next, 0));
  }

  private Map<Integer, JournalPosition> positions() {
    return Map.of(
        0,
        new JournalPosition(records.size(), 0),
        1,
        JournalPosition.START,
        2,
        JournalPosition.START);
  }
}
