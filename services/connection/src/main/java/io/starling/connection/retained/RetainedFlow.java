package io.starling.connection.retained;

import io.starling.connection.delivery.Outbox;
import io.starling.connection.delivery.Subscriber;
import io.starling.connection.delivery.Subscription;
import io.starling.contract.EventBatch;
import io.starling.contract.RetainedReply;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
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

  /** Who subscribes again and again to the same gets it once more, not each time. */
  private static final int MAX_WANTED = 200;

  private static final int MAX_FRESHER = 20_000;
  private static final long PAUSE_MILLIS = 20;

  private final Vertx vertx;
  private final RetainedReader reader;
  private final Subscriber subscriber;
  private final Outbox outbox;
  private final Runnable end;

  // for this connection
  private final ArrayDeque<Subscription> wanted = new ArrayDeque<>();
  private String after = "";
  private boolean reading;
  private boolean closed;

  /** Topics of which something newer came live while this was being read. */
  private final Set<String> fresher = new HashSet<>();

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
    for (var subscription : subscriptions) {
      if (wanted.size() < MAX_WANTED) {
        wanted.add(subscription);
      }
    }
    pull();
  }

  private void pull() {
    if (closed || reading || wanted.isEmpty() || !outbox.hasRoom()) {
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
        .find(subscriber.account(), wanted.element().filter().text(), after)
        .onSuccess(this::found)
        .onFailure(this::failed);
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
    var subscription = wanted.element();
    for (var batch = EventBatch.of(page.events()); batch.next(); ) {
      if (!fresher.contains(batch.name())) {
        subscriber.deliverRetained(subscription, batch.event());
      }
    }
    next(page.next());
  }

  private void next(@Nullable String place) {
    after = place == null ? "" : place;
    if (place == null) {
      wanted.remove();
    }
    if (wanted.isEmpty()) {
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
    wanted.clear();
    fresher.clear();
  }
}
