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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A relay whose journal is a list, and which shows events to those who want to see them. */
final class FakeRelay {
  static final String NAME = "fake";

  private static final int SHARDS = 3;

  private final Map<Integer, JournalPosition> sentTo = new ConcurrentHashMap<>();
  private final Bus bus;
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

  /** Shows events as if devices had published them. */
  void show(List<Event> events) {
    interests.forEach(
        (holder, wanted) -> {
          Buffer bytes = Buffer.buffer();
          for (Event event : events) {
            if (wanted.stream().anyMatch(interest -> wants(interest, event))) {
              EventBatch.write(bytes, event);
            }
          }
          if (bytes.length() > 0) {
            sendLive(holder, 0, bytes);
          }
        });
  }

  private static boolean wants(Interest interest, Event event) {
    return interest.account().equals(event.account()) && event.name().startsWith(interest.text());
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
