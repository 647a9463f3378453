package io.starling.connection.retained;

import static java.util.Objects.requireNonNull;

import io.starling.connection.delivery.Outbox;
import io.starling.connection.delivery.Subscriber;
import io.starling.connection.delivery.Subscription;
import io.starling.contract.EventBatch;
import io.starling.contract.RetainedReply;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the retained messages that match the new subscriptions of one session, a page at a time,
 * the next one when the client has taken it. Belongs to one event loop.
 */
public final class RetainedFlow {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedFlow.class);

  private static final int MAX_FRESHER = 20_000;
  private static final long PAUSE_MILLIS = 20;

  private final Vertx vertx;
  private final RetainedReader reader;
  private final Subscriber subscriber;
  private final Outbox outbox;
  private final Runnable end;

  // for this connection
  /**
   * Those whose turn has not come, with the topic behind which it begins. Who subscribes to the
   * same again and again gets it once more, not each time, so that there are no more of them than
   * the session has filters.
   */
  private final Map<Subscription, String> wanted = new LinkedHashMap<>();

  /** What a kept session has not acknowledged yet; the socket's window bounds it. */
  private final ArrayDeque<Page> sent = new ArrayDeque<>();

  private long pages;
  private @Nullable Subscription current;
  private String after = "";
  private boolean reading;
  private boolean closed;

  /** Topics of which something newer came live while this was being read. */
  private final Set<String> fresher = new HashSet<>();

  private record Page(long number, Owed owed) {}

  /**
   * For one session.
   *
   * @param end ends it, because the client could not be told what it asked for
   */
  public RetainedFlow(
      Vertx vertx, RetainedReader reader, Subscriber subscriber, Outbox outbox, Runnable end) {
    this.vertx = vertx;
    this.reader = reader;
    this.subscriber = subscriber;
    this.outbox = outbox;
    this.end = end;
    outbox.onRoom(this::pull);
  }

  /** Sends what matches these subscriptions, of which the relays know. */
  public void send(List<Subscription> subscriptions) {
    wanted.keySet().removeIf(subscription -> !subscriber.holds(subscription));
    subscriptions.forEach(subscription -> wanted.put(subscription, ""));
    pull();
  }

  /** Goes on with what an earlier connection of a kept session left. */
  public void goOn(List<Owed> owed) {
    for (var one : owed) {
      subscriber
          .find(one.filter())
          .ifPresent(subscription -> wanted.put(subscription, one.after()));
    }
    pull();
  }

  /** What the client has not acknowledged; of a kept session, and before {@link #close}. */
  public List<Owed> owed() {
    forgetAcknowledged();
    var first = new LinkedHashMap<String, String>();
    sent.forEach(page -> first.putIfAbsent(page.owed().filter(), page.owed().after()));
    if (current != null) {
      first.putIfAbsent(current.filter().text(), after);
    }
    wanted.forEach((one, place) -> first.merge(one.filter().text(), place, RetainedFlow::earlier));
    return first.entrySet().stream().map(one -> new Owed(one.getKey(), one.getValue())).toList();
  }

  private static String earlier(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private void forgetAcknowledged() {
    long oldest = subscriber.oldestPage();
    sent.removeIf(page -> page.number() < oldest);
  }

  private void pull() {
    if (closed || reading || !outbox.hasRoom() || !choose()) {
      return;
    }
    reading = true;
    if (outbox.isWriting()) {
      // Messages that are not acknowledged would be dropped.
      vertx.setTimer(
          PAUSE_MILLIS,
          _ -> {
            reading = false;
            pull();
          });
      return;
    }
    subscriber.onRetained(this::cameLive);
    reader
        .find(subscriber.account(), requireNonNull(current).filter().text(), after)
        .onSuccess(this::found)
        .onFailure(this::failed);
  }

  /** The one at hand, or the next one; false if there is none. */
  private boolean choose() {
    while (current == null && !wanted.isEmpty()) {
      var first = wanted.entrySet().iterator().next();
      current = subscriber.holds(first.getKey()) ? first.getKey() : null;
      after = first.getValue();
      wanted.remove(first.getKey());
    }
    return current != null;
  }

  private void cameLive(String topic) {
    if (fresher.size() < MAX_FRESHER) {
      fresher.add(topic);
    }
  }

  private void found(RetainedReply.Found page) {
    reading = false;
    if (closed) {
      return;
    }
    var subscription = requireNonNull(current);
    forgetAcknowledged();
    sent.add(new Page(++pages, new Owed(subscription.filter().text(), after)));
    for (var batch = EventBatch.of(page.events()); batch.next(); ) {
      if (!fresher.contains(batch.name())) {
        subscriber.deliverRetained(subscription, batch.event(), pages);
      }
    }
    next(page.next());
  }

  private void next(@Nullable String place) {
    if (place != null && subscriber.holds(requireNonNull(current))) {
      after = place;
    } else {
      current = null;
    }
    if (current == null && wanted.isEmpty()) {
      fresher.clear();
      subscriber.onRetained(null);
    }
    pull();
  }

  private void failed(Throwable cause) {
    if (!closed) {
      LOG.debug("Retained messages could not be had: {}", cause.getMessage());
      end.run();
    }
  }

  /** The connection is over. */
  public void close() {
    closed = true;
    current = null;
    wanted.clear();
    sent.clear();
    fresher.clear();
  }
}
