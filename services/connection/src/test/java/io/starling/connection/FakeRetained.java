package io.starling.connection;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.RelayReply;
import io.starling.contract.RetainedReply;
import io.starling.contract.RetainedRequest;
import io.starling.contract.TopicFilter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for the log of retained messages, of whatever account: pages of one message. */
final class FakeRetained {
  final SortedMap<String, Event> messages = new ConcurrentSkipListMap<>();

  /** What was asked for, with the topic behind which. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** Accounts that may not have more. */
  final List<AccountId> full = new CopyOnWriteArrayList<>();

  private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();
  private volatile boolean keepsWaiting;

  FakeRetained(Bus bus, String relay) {
    TestRegion.done(bus.serve("retained." + relay, RetainedRequest.class, this::answer));
  }

  /** Answers nothing until {@link #release}. */
  void holds() {
    keepsWaiting = true;
  }

  int held() {
    return heldBack.size();
  }

  /** Answers what was asked as it was then, and what comes at once. */
  void release() {
    keepsWaiting = false;
    for (var next = heldBack.poll(); next != null; next = heldBack.poll()) {
      next.run();
    }
  }

  private Future<BusMessage> answer(RetainedRequest request) {
    var reply =
        switch (request) {
          case RetainedRequest.Keep keep -> keep(keep);
          case RetainedRequest.Find find -> find(find);
        };
    if (!keepsWaiting) {
      return Future.succeededFuture(reply);
    }
    Promise<BusMessage> later = Promise.promise();
    heldBack.add(() -> later.complete(reply));
    return later.future();
  }

  private BusMessage keep(RetainedRequest.Keep keep) {
    for (var event : EventBatch.decode(keep.events().copy())) {
      if (event.data().length() == 0) {
        messages.remove(event.name());
      } else if (!full.contains(event.account())) {
        messages.put(event.name(), event);
      }
    }
    return new RelayReply.Kept(List.copyOf(full));
  }

  private BusMessage find(RetainedRequest.Find find) {
    asked.add(find.filter() + " behind " + find.after());
    var filter = new TopicFilter(find.filter());
    for (var topic : messages.entrySet()) {
      if (topic.getKey().compareTo(find.after()) > 0 && filter.matches(topic.getKey())) {
        return new RetainedReply.Found(EventBatch.encode(topic.getValue()), topic.getKey());
      }
    }
    return new RetainedReply.Found(Buffer.buffer(), null);
  }
}
