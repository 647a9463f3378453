package io.starling.api.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.interest.LiveEntries;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.http.EventStream;
import io.starling.http.Patience;
import io.starling.http.TokenCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of one instance: told to the relays as interests, filled from what those send,
 * looked after by a turn every second or so. Belongs to one context.
 */
public final class LiveStreams {
  /** How long a stream's answer waits for the relays to know of it. */
  private static final Duration INTEREST_LIMIT = Duration.ofMillis(500);

  private final LiveFeed feed;
  private final Patience patience;
  private final TokenCheck tokens;
  private final StreamQuota quota;
  private final Duration keepAlive;
  private final int maxPerAccount;
  private final Counter dropped;
  private final Map<AccountId, Map<EventStream, Subscription>> streams = new HashMap<>();
  private int count;
  private boolean stopping;

  /**
   * No streams yet.
   *
   * @param keepAlive the longest silence on a stream
   * @param maxPerAccount streams of an account in this process
   */
  public LiveStreams(
      Vertx vertx,
      LiveFeed feed,
      TokenCheck tokens,
      Duration keepAlive,
      int maxPerAccount,
      MeterRegistry meters,
      String instance) {
    this.feed = feed;
    this.patience = new Patience(vertx);
    this.tokens = tokens;
    this.quota = StreamQuota.of(vertx);
    this.keepAlive = keepAlive;
    this.maxPerAccount = maxPerAccount;
    this.dropped =
        Counter.builder("starling.api.streams.dropped")
            .description("Event streams ended because their reader was too slow")
            .register(meters);
    Gauge.builder("starling.api.streams", this, live -> live.count)
        .description("Open event streams")
        .tag("instance", instance)
        .register(meters);
    var _ = vertx.setPeriodic(turnMillis(keepAlive), _ -> turn());
  }

  /** Two turns per allowed silence, and a revoked token must not live on for long. */
  private static long turnMillis(Duration keepAlive) {
    return Math.clamp(keepAlive.toMillis() / 4, 10, 2_000);
  }

  /**
   * Opens a stream, once the relays send what it asks for.
   *
   * @param open begins the answer
   * @return false if the account has too many already, and nothing was opened
   */
  Future<Boolean> add(Subscription subscription, Supplier<EventStream> open) {
    var account = subscription.principal().account();
    if (stopping || !quota.take(account, maxPerAccount)) {
      return Future.succeededFuture(false);
    }
    return patience
        .await(feed.add(subscription.interest()), INTEREST_LIMIT)
        .otherwiseEmpty()
        .map(_ -> open.get())
        .onFailure(_ -> release(subscription))
        .map(
            stream -> {
              keep(stream, subscription);
              return true;
            });
  }

  private void keep(EventStream stream, Subscription subscription) {
    streams
        .computeIfAbsent(subscription.principal().account(), absent -> new LinkedHashMap<>())
        .put(stream, subscription);
    count++;
    stream.closed().onComplete(_ -> remove(stream, subscription));
  }

  private void release(Subscription subscription) {
    quota.give(subscription.principal().account());
    feed.remove(subscription.interest());
  }

  private void remove(EventStream stream, Subscription subscription) {
    var account = subscription.principal().account();
    var ofAccount = streams.get(account);
    if (ofAccount == null || ofAccount.remove(stream) == null) {
      return;
    }
    if (ofAccount.isEmpty()) {
      streams.remove(account);
    }
    count--;
    release(subscription);
  }

  /** Takes in events that match some stream's interest. */
  public void show(LiveEntries entries) {
    for (var batch = EventBatch.of(entries.events()); batch.next(); ) {
      var ofAccount = streams.get(batch.account());
      if (ofAccount != null) {
        show(batch.event(), ofAccount);
      }
    }
  }

  private void show(Event event, Map<EventStream, Subscription> ofAccount) {
    @Nullable Buffer forUsers = null;
    @Nullable Buffer forProducts = null;
    // A copy, because a stream that ends itself leaves the map.
    for (var entry : List.copyOf(ofAccount.entrySet())) {
      if (!entry.getValue().matches(event)) {
        continue;
      }
      Buffer text;
      if (entry.getValue().product() == 0) {
        forUsers = forUsers == null ? EventText.ofUser(event) : forUsers;
        text = forUsers;
      } else {
        forProducts = forProducts == null ? EventText.ofProduct(event) : forProducts;
        text = forProducts;
      }
      if (!entry.getKey().send(text)) {
        dropped.increment();
      }
    }
  }

  /** Keeps idle streams alive, and ends those whose token is no longer good. */
  void turn() {
    long idleMillis = keepAlive.toMillis() * 3 / 4;
    for (var ofAccount : List.copyOf(streams.values())) {
      for (var entry : List.copyOf(ofAccount.entrySet())) {
        if (tokens.stillGood(entry.getValue().principal())) {
          entry.getKey().keepAlive(idleMillis);
        } else {
          entry.getKey().end("token ended");
        }
      }
    }
  }

  /** Streams that are open. */
  public int count() {
    return count;
  }

  /** Ends all streams, and opens no more. */
  public void stop() {
    stopping = true;
    for (var ofAccount : List.copyOf(streams.values())) {
      List.copyOf(ofAccount.keySet()).forEach(stream -> stream.end("server stops"));
    }
  }
}
