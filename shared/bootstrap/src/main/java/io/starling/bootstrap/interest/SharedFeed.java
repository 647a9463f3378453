package io.starling.bootstrap.interest;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.Interest;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of shared subscriptions that relays give to this holder alone, and what the relays are
 * told of them. A relay keeps each until it is told, so every one is to be said {@link #done} or
 * {@link #back}, once; what is said goes out with the turn of the event loop, and is said again
 * until the relay has it or must have forgotten this holder.
 *
 * <p>Belongs to one context: used on the event loop that opened it.
 */
public final class SharedFeed {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);
  private static final long PAUSE_MILLIS = 250;

  /** A relay that hears nothing for ten seconds forgets this holder, and asks for nothing more. */
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final int MAX_IDS = 1_000;

  private final Vertx vertx;
  private final Bus bus;
  private final String holder;
  private final Bus.Registration registration;
  private final InterestAnnouncer announcer;

  // until the end of this turn of the event loop
  private final Map<String, Said> said = new LinkedHashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private @Nullable Promise<Void> next;

  private record Said(List<Long> done, List<Long> back) {
    Said() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private record Change(@Nullable Interest before, @Nullable Interest now) {}

  private SharedFeed(
      Vertx vertx,
      Bus bus,
      String holder,
      Bus.Registration registration,
      InterestAnnouncer announcer) {
    this.vertx = vertx;
    this.bus = bus;
    this.holder = holder;
    this.registration = registration;
    this.announcer = announcer;
  }

  /**
   * Opens the feed of a holder.
   *
   * @param holder a name that nobody else has or had: what was given to a process that died is not
   *     what its successor has
   * @param sink takes what is given
   */
  public static Future<SharedFeed> open(
      Vertx vertx,
      Bus bus,
      ShardLeaders leaders,
      String holder,
      Consumer<LiveMessage.SharedEvents> sink) {
    return bus.listen("shared." + holder, LiveMessage.SharedEvents.class, sink)
        .compose(
            registration ->
                InterestAnnouncer.start(vertx, bus, leaders, holder, (_, _) -> {})
                    .map(announcer -> new SharedFeed(vertx, bus, holder, registration, announcer)));
  }

  /**
   * Takes another part in a shared subscription than before; null stands for none. Completes when
   * the relays know; those that do not answer within a second are told again.
   */
  public Future<Void> change(@Nullable Interest before, @Nullable Interest now) {
    changes.add(new Change(before, now));
    return turn();
  }

  /** An event needs no longer be kept for this holder. */
  public void done(String relay, long id) {
    said.computeIfAbsent(relay, _ -> new Said()).done().add(id);
    var _ = turn();
  }

  /** An event is to be given to another holder. */
  public void back(String relay, long id) {
    said.computeIfAbsent(relay, _ -> new Said()).back().add(id);
    var _ = turn();
  }

  private Future<Void> turn() {
    if (next != null) {
      return next.future();
    }
    Promise<Void> promise = Promise.promise();
    next = promise;
    vertx.runOnContext(_ -> flush().onComplete(promise));
    return promise.future();
  }

  /** What a member has finished with comes before the news that it is gone. */
  private Future<Void> flush() {
    next = null;
    long deadline = System.nanoTime() + GIVE_UP_NANOS;
    said.forEach((relay, all) -> tell(relay, all, deadline));
    said.clear();
    Future<Void> known = Future.succeededFuture();
    for (var change : changes) {
      if (change.now() != null) {
        known = announcer.add(change.now());
      }
      if (change.before() != null) {
        announcer.remove(change.before());
      }
    }
    changes.clear();
    return known;
  }

  private void tell(String relay, Said all, long deadline) {
    int from = 0;
    while (from < Math.max(all.done().size(), all.back().size())) {
      tell(relay, part(all.done(), from), part(all.back(), from), deadline);
      from += MAX_IDS;
    }
  }

  private static List<Long> part(List<Long> ids, int from) {
    return List.copyOf(
        ids.subList(Math.min(from, ids.size()), Math.min(from + MAX_IDS, ids.size())));
  }

  private void tell(String relay, List<Long> done, List<Long> back, long deadline) {
    bus.ask(new RelayRequest.SharedDone(relay, holder, done, back), ASK_LIMIT)
        .onFailure(
            _ -> {
              if (System.nanoTime() - deadline < 0) {
                var _ = vertx.setTimer(PAUSE_MILLIS, _ -> tell(relay, done, back, deadline));
              }
            });
  }

  /** Says what there is to say; completes when the relays know, or will not. Nothing comes then. */
  public Future<Void> close() {
    return turn().compose(_ -> registration.end());
  }
}
