package io.starling.bootstrap.interest;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the relays what a holder of subscriptions wants to see: counted, so that a thousand readers
 * of one thing are one interest; each change with a version, so that a relay that missed one asks
 * for all; repeated every two seconds, so that a relay that started again knows soon.
 *
 * <p>Belongs to one context: used on the event loop that made it.
 */
final class InterestAnnouncer {
  /** Is told from where on a relay sends what is asked for. */
  interface Coverage {
    void begins(int shard, JournalPosition from);
  }

  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);
  private static final long REPEAT_MILLIS = 2_000;

  private final Vertx vertx;
  private final Bus bus;
  private final ShardLeaders leaders;
  private final String holder;
  private final Coverage coverage;

  private final Map<Interest, Integer> counts = new HashMap<>();
  private final Set<Interest> added = new HashSet<>();
  private final Set<Interest> removed = new HashSet<>();
  private long version;
  private @Nullable Promise<Void> next;

  /** Somebody waits for the next version, even if nothing should change after all. */
  private boolean promised;

  private InterestAnnouncer(
      Vertx vertx, Bus bus, ShardLeaders leaders, String holder, Coverage coverage) {
    this.vertx = vertx;
    this.bus = bus;
    this.leaders = leaders;
    this.holder = holder;
    this.coverage = coverage;
    // A holder that starts again under the same name must not look like the one before.
    this.version = System.currentTimeMillis() << 20;
  }

  /**
   * Starts announcing for {@code live.<holder>}, which the caller must already listen to.
   *
   * @return the announcer, once the known relays have heard of it
   */
  static Future<InterestAnnouncer> start(
      Vertx vertx, Bus bus, ShardLeaders leaders, String holder, Coverage coverage) {
    var announcer = new InterestAnnouncer(vertx, bus, leaders, holder, coverage);
    vertx.setPeriodic(REPEAT_MILLIS, tick -> announcer.repeat());
    return bus.listen(
            LiveMessage.InterestWanted.ADDRESS,
            LiveMessage.InterestWanted.class,
            wanted -> announcer.repeat())
        .map(announcer);
  }

  /**
   * Wants something. Completes when the relays send matching events from then on; those that do not
   * answer within a second are told again by the repetition.
   */
  Future<Void> add(Interest interest) {
    if (counts.merge(interest, 1, Integer::sum) == 1 && !removed.remove(interest)) {
      added.add(interest);
    }
    return flush();
  }

  /** Tells whether nothing is wanted. */
  boolean isEmpty() {
    return counts.isEmpty();
  }

  /** The version with all that is wanted now, which relays are told in this turn at the latest. */
  long newestVersion() {
    promised |= next != null;
    return promised ? version + 1 : version;
  }

  /** Wants it no longer. */
  void remove(Interest interest) {
    Integer count = counts.get(interest);
    if (count == null) {
      return;
    }
    if (count > 1) {
      counts.put(interest, count - 1);
      return;
    }
    counts.remove(interest);
    if (!added.remove(interest)) {
      removed.add(interest);
    }
    var _ = flush();
  }

  /** All changes of this turn of the event loop go out together. */
  private Future<Void> flush() {
    if (next != null) {
      return next.future();
    }
    Promise<Void> promise = Promise.promise();
    next = promise;
    vertx.runOnContext(
        turn -> {
          next = null;
          announce().onComplete(promise);
        });
    return promise.future();
  }

  private Future<Void> announce() {
    if (added.isEmpty() && removed.isEmpty() && !promised) {
      return Future.succeededFuture();
    }
    promised = false;
    version++;
    var plus = List.copyOf(added);
    var minus = List.copyOf(removed);
    added.clear();
    removed.clear();
    return tellAll(plus, minus);
  }

  private void repeat() {
    var _ = tellAll(List.of(), List.of());
  }

  private Future<Void> tellAll(List<Interest> plus, List<Interest> minus) {
    // Also those that lead nothing yet: who takes a shard over has to know at once.
    var told = new ArrayList<Future<?>>();
    for (String relay : leaders.relays()) {
      told.add(tell(relay, plus, minus));
    }
    return Future.join(told).<Void>mapEmpty().otherwiseEmpty();
  }

  private Future<RelayReply.InterestReply> tell(
      String relay, List<Interest> plus, List<Interest> minus) {
    return bus.ask(new RelayRequest.ChangeInterest(relay, holder, version, plus, minus), ASK_LIMIT)
        .compose(
            reply ->
                switch (reply) {
                  case RelayReply.InterestTaken taken -> Future.succeededFuture(taken);
                  case RelayReply.InterestUnknown unknown ->
                      bus.ask(
                          new RelayRequest.SetInterest(
                              relay, holder, version, List.copyOf(counts.keySet())),
                          ASK_LIMIT);
                })
        .onSuccess(this::taken);
  }

  private void taken(RelayReply.InterestReply reply) {
    if (!isEmpty() && reply instanceof RelayReply.InterestTaken(var positions)) {
      positions.forEach(coverage::begins);
    }
  }
}
