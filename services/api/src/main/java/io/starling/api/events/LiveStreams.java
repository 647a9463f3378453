package io.starling.api.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.api.access.Access;
import io.starling.bootstrap.interest.JournalReader;
import io.starling.bootstrap.interest.LiveEntries;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.Scope;
import io.starling.http.EventStream;
import io.starling.http.Patience;
import io.starling.http.TokenCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of one instance: told to the relays as interests, filled from what those send,
 * looked after by a turn every second or so. Belongs to one context.
 */
public final class LiveStreams {
  /**
   * How long a stream's answer waits for the relays to know of it: until a new leader can be there
   * in the place of one that died. A shard without any leader must not keep its reader from the
   * others; of that one it sees what comes once there is one.
   */
  private static final Duration INTEREST_LIMIT = Duration.ofSeconds(4);

  private final Vertx vertx;
  private final LiveFeed feed;
  private final JournalReader journal;
  private final int shards;
  private final Patience patience;
  private final TokenCheck tokens;
  private final Access access;
  private final StreamQuota quota;
  private final Duration keepAlive;
  private final int maxPerAccount;
  private final Counter dropped;

  /** A stream that ends while its account's are walked leaves the list; that is seldom. */
  private final Map<AccountId, List<Reader>> readers = new HashMap<>();

  /** For one call: who was shown something, and is told then where it is. */
  private final Set<Reader> shown = new LinkedHashSet<>();

  private int count;
  private boolean stopping;

  /**
   * No streams yet.
   *
   * @param shards of the region
   * @param keepAlive the longest silence on a stream
   * @param maxPerAccount streams of an account in this process
   */
  public LiveStreams(
      Vertx vertx,
      LiveFeed feed,
      JournalReader journal,
      int shards,
      TokenCheck tokens,
      Access access,
      Duration keepAlive,
      int maxPerAccount,
      MeterRegistry meters,
      String instance) {
    this.vertx = vertx;
    this.feed = feed;
    this.journal = journal;
    this.shards = shards;
    this.patience = new Patience(vertx);
    this.tokens = tokens;
    this.access = access;
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
   * @param lastEventId what the reader was told last by a stream like this, null if nothing
   * @param open begins the answer
   * @return false if the account has too many already, and nothing was opened
   */
  Future<Boolean> add(
      Subscription subscription, @Nullable String lastEventId, Supplier<EventStream> open) {
    var account = subscription.principal().account();
    if (stopping || !quota.take(account, maxPerAccount)) {
      return Future.succeededFuture(false);
    }
    return patience
        .await(feed.addWhole(subscription.interest()), INTEREST_LIMIT)
        .otherwiseEmpty()
        .map(_ -> open.get())
        .onFailure(_ -> release(subscription))
        .map(
            stream -> {
              keep(new Reader(vertx, journal, feed, stream, subscription, shards), lastEventId);
              return true;
            });
  }

  private void keep(Reader reader, @Nullable String lastEventId) {
    readers
        .computeIfAbsent(reader.subscription().account(), _ -> new CopyOnWriteArrayList<>())
        .add(reader);
    count++;
    reader.stream().closed().onComplete(_ -> remove(reader));
    if (lastEventId != null) {
      StreamCursor.parse(lastEventId, shards).ifPresent(reader::resume);
    }
    var _ = reader.tell();
  }

  private void release(Subscription subscription) {
    quota.give(subscription.principal().account());
    feed.remove(subscription.interest());
  }

  private void remove(Reader reader) {
    var account = reader.subscription().account();
    var ofAccount = readers.get(account);
    if (ofAccount == null || !ofAccount.remove(reader)) {
      return;
    }
    if (ofAccount.isEmpty()) {
      readers.remove(account);
    }
    count--;
    release(reader.subscription());
  }

  /** Takes in events that match some stream's interest. */
  public void show(LiveEntries entries) {
    for (var batch = EventBatch.of(entries.events()); batch.next(); ) {
      var ofAccount = readers.get(batch.account());
      if (ofAccount != null) {
        show(batch.event(), entries.shard(), ofAccount);
      }
    }
    shown.forEach(
        reader -> {
          var _ = reader.tell();
        });
    shown.clear();
  }

  private void show(Event event, int shard, List<Reader> ofAccount) {
    @Nullable EventText text = null;
    for (var reader : ofAccount) {
      if (!reader.wants(event, shard)) {
        continue;
      }
      text = text == null ? new EventText(event) : text;
      if (reader.show(text)) {
        shown.add(reader);
      } else {
        dropped.increment();
      }
    }
  }

  /** Keeps idle streams alive, and ends those whose token is no longer good. */
  void turn() {
    long idleMillis = keepAlive.toMillis() * 3 / 4;
    for (var ofAccount : List.copyOf(readers.values())) {
      for (var reader : ofAccount) {
        if (!mayStillRead(reader.subscription())) {
          reader.stream().end("no longer allowed");
        } else if (!reader.stream().isIdle(idleMillis) || !reader.tell()) {
          reader.stream().keepAlive(idleMillis);
        }
      }
    }
  }

  private boolean mayStillRead(Subscription subscription) {
    return tokens.stillGood(subscription.principal())
        && access.mayStill(
            subscription.principal(),
            subscription.account(),
            subscription.product(),
            Scope.EVENTS_GET);
  }

  /** Streams that are open. */
  public int count() {
    return count;
  }

  /** Ends all streams, and opens no more. */
  public void stop() {
    stopping = true;
    for (var ofAccount : List.copyOf(readers.values())) {
      ofAccount.forEach(reader -> reader.stream().end("server stops"));
    }
  }
}
