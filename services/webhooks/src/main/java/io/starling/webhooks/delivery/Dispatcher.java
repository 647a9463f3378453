package io.starling.webhooks.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.webhooks.attempt.AttemptLog;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.match.Terms;
import io.starling.webhooks.response.Responses;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Exchanged;
import io.starling.webhooks.send.Sender;
import io.starling.webhooks.send.Talk;
import io.starling.webhooks.send.Timing;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts attempts, within the limits of each endpoint and of the node, and decides what follows
 * them. Backlogs that wait for a place take turns. Belongs to one event loop.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How many of those who wait are tried when a place becomes free. */
  private static final int TRIES = 8;

  /** After so many attempts that failed it is told that a delivery fails. */
  private static final int TOLD_ATTEMPTS = 3;

  private final Matcher matcher;
  private final Sender client;
  private final RetryPolicy policy;
  private final RetryPolicy parkedPolicy;
  private final InstantSource clock;
  private final int mostEach;
  private final Budget budget;
  private final Outcomes outcomes;
  private final Map<IntegrationId, Endpoint> endpoints = new HashMap<>();
  private final ArrayDeque<Backlog> line = new ArrayDeque<>();

  /** Of the region's shards, so much is followed here. */
  private double part = 1;

  private boolean moving;
  private boolean stopped;

  /** What became of an offer. */
  public enum Offer {
    /** It is in the backlog. */
    TAKEN,
    /** This backlog holds all that it may: the event has to be read again later. */
    FULL,
    /** There is no room for anybody: offer it again when there is. */
    BUSY
  }

  private enum Start {
    STARTED,
    BLOCKED,
    NOTHING
  }

  /** A dispatcher for all shards of a node. */
  public Dispatcher(
      Matcher matcher,
      Sender client,
      Responses responses,
      DeliveryLimits limits,
      InstantSource clock,
      MeterRegistry registry,
      UsageCounter usage,
      AttemptLog log) {
    this.matcher = matcher;
    this.client = client;
    this.policy = limits.retries();
    this.parkedPolicy = limits.retries().parked();
    this.clock = clock;
    this.mostEach = limits.inFlightEach();
    this.budget = new Budget(limits.memoryBytes(), limits.sending().inFlight());
    this.outcomes = new Outcomes(responses, usage, registry, log);
    Gauge.builder("starling.webhooks.in_flight", budget, Budget::inFlight)
        .description("Requests to endpoints under way")
        .register(registry);
    Gauge.builder("starling.webhooks.memory_bytes", budget, Budget::bytes)
        .description("Memory held by deliveries that are not finished")
        .register(registry);
  }

  /** An empty backlog for an integration; {@code onFinished} is called after each delivery. */
  public Backlog open(AccountId account, IntegrationId integration, Runnable onFinished) {
    var endpoint = endpoints.computeIfAbsent(integration, absent -> new Endpoint(mostEach));
    endpoint.users++;
    return new Backlog(account, integration, endpoint, budget, onFinished);
  }

  /** Forgets a backlog; what is under way ends without consequence. */
  public void close(Backlog backlog) {
    if (!backlog.closed) {
      backlog.closed = true;
      backlog.endpoint().forget(backlog);
      var _ = backlog.clear();
      if (--backlog.endpoint().users == 0) {
        endpoints.remove(backlog.integration(), backlog.endpoint());
      }
    }
  }

  /** Forgets what an integration is owed, because it is gone. */
  public void drop(Backlog backlog) {
    outcomes.dropped(backlog.clear());
  }

  /**
   * Gives up what a paused integration is owed, if all of it is too old by now: it must not hold
   * the journal for ever.
   *
   * @return whether it did
   */
  public boolean giveUpPaused(Backlog backlog, Hook hook) {
    if (clock.millis() - hook.pausedAtMillis() <= policy.maxAge().toMillis()) {
      return false;
    }
    outcomes.givenUp(backlog.clear());
    return true;
  }

  /** Adds a delivery, and starts it if that is possible now. */
  public Offer offer(Backlog backlog, Event event, Mark mark) {
    return offer(backlog, event, mark, false);
  }

  /** The same for one that was let go of by itself and read again. */
  public Offer offerAgain(Backlog backlog, Event event, Mark mark) {
    return offer(backlog, event, mark, true);
  }

  private Offer offer(Backlog backlog, Event event, Mark mark, boolean again) {
    int cost = Delivery.cost(event);
    boolean full = backlog.bytes() + cost > budget.shareOfBytes();
    if (backlog.isProbing() ? backlog.hasNext() : full && backlog.size() > 0) {
      return Offer.FULL;
    }
    if (!budget.hasRoomFor(cost)) {
      return Offer.BUSY;
    }
    var delivery = new Delivery(event, mark, clock.millis());
    if (backlog.endpoint().circuit.isOpen()) {
      outcomes.slept(backlog, delivery);
    }
    if (again) {
      backlog.addAgain(delivery);
    } else {
      backlog.add(delivery);
    }
    start(backlog);
    return Offer.TAKEN;
  }

  /** Adds one that was parked, and starts it if that is possible now; false if there is no room. */
  public boolean offer(Backlog backlog, Delivery delivery) {
    if (!hasRoomFor(backlog, delivery)) {
      return false;
    }
    backlog.add(delivery);
    start(backlog);
    return true;
  }

  /** The same for one that was let go of by itself and read again. */
  public boolean offerAgain(Backlog backlog, Delivery delivery) {
    if (!hasRoomFor(backlog, delivery)) {
      return false;
    }
    backlog.addAgain(delivery);
    start(backlog);
    return true;
  }

  private boolean hasRoomFor(Backlog backlog, Delivery delivery) {
    return !backlog.closed && wantsMore(backlog) && budget.hasRoomFor(delivery.cost());
  }

  /** Completes when there may be room again after {@link Offer#BUSY}. */
  public Future<Void> room() {
    return budget.room();
  }

  /** Tells whether memory is short, so that backlogs should be shed. */
  public boolean isTight() {
    return budget.isTight();
  }

  /** Tells whether a backlog that is read for by itself should be read for now. */
  public boolean wantsMore(Backlog backlog) {
    return backlog.isProbing()
        ? !backlog.hasNext()
        : backlog.bytes() <= budget.shareOfBytes() / 2 && !budget.isTight();
  }

  /** What part of the region's shards this node follows, of which its part of rates follows. */
  public void follow(int shards, int ofShards) {
    part = (double) shards / ofShards;
  }

  /** Starts no more attempts. */
  public void stop() {
    stopped = true;
  }

  /** Tells whether nothing is under way, neither requests nor what is told of them. */
  public boolean isQuiet() {
    return budget.inFlight() == 0 && outcomes.isQuiet();
  }

  /** Requests under way. */
  public int inFlight() {
    return budget.inFlight();
  }

  /** Starts what is due of a backlog. To be called after each change, and as time passes. */
  public void start(Backlog backlog) {
    if (!backlog.waiting && backlog.hasDue(clock.millis())) {
      backlog.waiting = true;
      line.add(backlog);
    }
    move();
  }

  private void move() {
    if (moving || stopped) {
      return;
    }
    moving = true;
    long now = clock.millis();
    int blocked = 0;
    try {
      while (blocked < Math.min(TRIES, line.size())) {
        blocked = startNext(now) == Start.BLOCKED ? blocked + 1 : 0;
      }
    } finally {
      moving = false;
    }
  }

  /** The first in the line goes to its end, unless it has nothing to start or that goes wrong. */
  private Start startNext(long now) {
    var backlog = line.remove();
    var start = Start.NOTHING;
    try {
      start = startOne(backlog, now);
      return start;
    } finally {
      if (start == Start.NOTHING) {
        backlog.waiting = false;
      } else {
        line.add(backlog);
      }
    }
  }

  private Start startOne(Backlog backlog, long now) {
    if (backlog.closed || backlog.held) {
      return Start.NOTHING;
    }
    var endpoint = backlog.endpoint();
    boolean probe = endpoint.circuit.isOpen();
    var hook = matcher.find(backlog.account(), backlog.integration());
    hook.ifPresent(found -> endpoint.agree(found.terms(), part, now));
    if (!endpoint.admits(now, mostEach)) {
      // What others wait for too is nothing that this one should hold up.
      endpoint.keep(backlog);
      return Start.NOTHING;
    }
    if (!budget.admits(probe) || !endpoint.admits(now, budget.shareOfRequests())) {
      return Start.BLOCKED;
    }
    if (hook.isPresent() && hook.get().isPaused()) {
      return Start.NOTHING;
    }
    var terms = hook.map(Hook::terms).orElse(Terms.NONE);
    var next = backlog.take(now, terms);
    if (next.isEmpty()) {
      return Start.NOTHING;
    }
    start(backlog, next.get(), hook, probe, now);
    return Start.STARTED;
  }

  private void start(Backlog backlog, Batch batch, Optional<Hook> hook, boolean probe, long now) {
    if (hook.isEmpty()) {
      outcomes.dropped(batch.size());
      forget(backlog, batch, now);
    } else if (probe && age(batch, now).compareTo(rules(backlog, hook.get()).maxAge()) > 0) {
      String reason = "too old while the endpoint does not answer";
      backlog.settle(batch, now);
      outcomes.givenUp(backlog, batch, hook.get(), reason, "error too old to be sent");
    } else {
      attempt(backlog, batch, hook.get(), probe);
    }
  }

  private static void forget(Backlog backlog, Batch batch, long now) {
    backlog.settle(batch, now);
    batch.deliveries().forEach(backlog::finish);
  }

  private void attempt(Backlog backlog, Batch batch, Hook hook, boolean probe) {
    backlog.endpoint().started();
    budget.started(probe);
    batch.made++;
    var events = batch.deliveries().stream().map(delivery -> delivery.event).toList();
    var _ =
        attempt(hook, events, batch.webhookId(backlog.integration()))
            .onSuccess(
                exchanged -> {
                  backlog.endpoint().ended();
                  budget.ended(probe);
                  remember(backlog.endpoint().circuit, batch, exchanged.attempt(), probe);
                  ended(backlog, batch, hook, exchanged);
                  place(backlog);
                });
  }

  /**
   * A mistake in here counts as an endpoint that is down: nothing is lost, it is tried again later,
   * and it holds up nobody else.
   */
  private Future<Exchanged> attempt(Hook hook, List<Event> events, String id) {
    return Future.succeededFuture()
        .compose(_ -> client.attempt(hook, events, id))
        .otherwise(
            mistake -> {
              LOG.error("An attempt for {} failed in here", hook.integration().id(), mistake);
              var down = new Attempt.Unavailable("of Starling's own; it is in its log", null);
              return new Exchanged(down, "", null, Timing.NONE, Talk.NONE);
            });
  }

  /** An endpoint has a place: for those who wait for it, this one behind them. */
  private void place(Backlog backlog) {
    var endpoint = backlog.endpoint();
    long now = clock.millis();
    if (!backlog.closed && !backlog.waiting && backlog.hasDue(now)) {
      endpoint.keep(backlog);
    }
    if (endpoint.admits(now, mostEach)) {
      endpoint.next().ifPresent(this::start);
    }
    move();
  }

  private void ended(Backlog backlog, Batch batch, Hook hook, Exchanged exchanged) {
    long now = clock.millis();
    outcomes.attempted(backlog, batch, hook, exchanged);
    if (backlog.closed) {
      forget(backlog, batch, now);
      var _ = backlog.clear();
      return;
    }
    if (batch.size() > 1 && exchanged.isUnasked()) {
      // It may be one of them that there is no request for: the others shall not suffer for it.
      backlog.retry(batch.cut(), now);
      return;
    }
    double random = ThreadLocalRandom.current().nextDouble();
    var rules = rules(backlog, hook);
    switch (rules.after(exchanged.attempt(), batch.made, age(batch, now), random)) {
      case RetryPolicy.Done _ -> {
        backlog.settle(batch, now);
        outcomes.taken(backlog, batch, hook, exchanged.answer(), now);
      }
      case RetryPolicy.RetryIn(Duration pause) -> {
        if (batch.made == TOLD_ATTEMPTS) {
          outcomes.fails(backlog, batch, hook, exchanged);
        }
        batch.error = exchanged.error();
        again(backlog, batch, hook, now, now + pause.toMillis());
      }
      case RetryPolicy.GiveUp(String reason) -> {
        backlog.settle(batch, now);
        String error = batch.made > TOLD_ATTEMPTS ? null : exchanged.error();
        outcomes.givenUp(backlog, batch, hook, reason, error);
      }
    }
  }

  private RetryPolicy rules(Backlog backlog, Hook hook) {
    return waitsParked(backlog, hook) ? parkedPolicy : policy;
  }

  /** What was parked waits without memory, unless others wait for it. */
  private static boolean waitsParked(Backlog backlog, Hook hook) {
    return backlog.departures().isOfDatabase() && !hook.terms().ordered();
  }

  private static void again(Backlog backlog, Batch batch, Hook hook, long now, long dueMillis) {
    if (waitsParked(backlog, hook)) {
      backlog.settle(batch, now);
      backlog.departures().park(batch, backlog.isProbing() ? now : dueMillis);
    } else {
      backlog.retry(batch, dueMillis);
    }
  }

  private void remember(Circuit circuit, Batch batch, Attempt attempt, boolean probe) {
    long now = clock.millis();
    switch (attempt) {
      case Attempt.Delivered _, Attempt.Refused _ -> circuit.answered();
      case Attempt.Unavailable(_, Duration asked) -> {
        double random = ThreadLocalRandom.current().nextDouble();
        var pause = policy.pause(circuit.failedProbes() + 1, random);
        circuit.failed(probe, batch.wasNew(), now, pause);
        if (asked != null) {
          circuit.pauseUntil(
              now + Math.min(asked.toMillis(), RetryPolicy.MAX_RETRY_AFTER.toMillis()));
        }
      }
      case Attempt.Impossible _ -> {
        // Says nothing of the endpoint: it was not asked.
      }
    }
  }

  /** Logs how many more were given up than were told one by one. To be called now and then. */
  public void tellGivenUp() {
    outcomes.tell();
  }

  private static Duration age(Batch batch, long now) {
    return Duration.ofMillis(now - batch.bornMillis());
  }
}
