package io.starling.webhooks.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.starling.contract.UsageKind;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.response.Responses;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.DeliveryClient;
import io.starling.webhooks.send.Exchanged;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Starts attempts, within the limits of each endpoint and of the node, and decides what follows
 * them. Backlogs that wait for a place take turns. Belongs to one event loop.
 */
public final class Dispatcher {
  /** How many of those who wait are tried when a place becomes free. */
  private static final int TRIES = 8;

  /** After so many attempts that failed it is told that a delivery fails. */
  private static final int TOLD_ATTEMPTS = 3;

  private final Matcher matcher;
  private final DeliveryClient client;
  private final Responses responses;
  private final RetryPolicy policy;
  private final InstantSource clock;
  private final int mostEach;
  private final Budget budget;
  private final DeliveryMeters meters;
  private final UsageCounter usage;
  private final GivenUpLog givenUp = new GivenUpLog();
  private final Map<IntegrationId, Endpoint> endpoints = new HashMap<>();
  private final ArrayDeque<Backlog> line = new ArrayDeque<>();

  /** Deliveries that ended, of which is not yet told. */
  private int telling;

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
      DeliveryClient client,
      Responses responses,
      DeliveryLimits limits,
      InstantSource clock,
      MeterRegistry registry,
      UsageCounter usage) {
    this.matcher = matcher;
    this.usage = usage;
    this.client = client;
    this.responses = responses;
    this.policy = limits.retries();
    this.clock = clock;
    this.mostEach = limits.inFlightEach();
    this.budget = new Budget(limits.memoryBytes(), limits.sending().inFlight());
    this.meters = new DeliveryMeters(registry);
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
      var _ = backlog.clear();
      if (--backlog.endpoint().users == 0) {
        endpoints.remove(backlog.integration(), backlog.endpoint());
      }
    }
  }

  /** Forgets what an integration is owed, because it is gone. */
  public void drop(Backlog backlog) {
    meters.dropped(backlog.clear());
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
    meters.gaveUp(backlog.clear());
    return true;
  }

  /** Adds a delivery, and starts it if that is possible now. */
  public Offer offer(Backlog backlog, Event event, Mark mark) {
    int cost = Delivery.cost(event);
    if (backlog.size() > 0
        && (backlog.isProbing() || backlog.bytes() + cost > budget.shareOfBytes())) {
      return Offer.FULL;
    }
    if (!budget.hasRoomFor(cost)) {
      return Offer.BUSY;
    }
    var delivery = new Delivery(event, mark, clock.millis());
    if (backlog.endpoint().circuit.isOpen()) {
      count(backlog, delivery, UsageKind.DELIVERY_SLEEP);
    }
    backlog.add(delivery);
    start(backlog);
    return Offer.TAKEN;
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
        ? backlog.size() == 0
        : backlog.bytes() <= budget.shareOfBytes() / 2 && !budget.isTight();
  }

  /** Starts no more attempts. */
  public void stop() {
    stopped = true;
  }

  /** Tells whether nothing is under way, neither requests nor what is told of them. */
  public boolean isQuiet() {
    return budget.inFlight() == 0 && telling == 0;
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
    while (blocked < Math.min(TRIES, line.size())) {
      var backlog = line.remove();
      var start = startOne(backlog, now);
      if (start == Start.NOTHING) {
        backlog.waiting = false;
      } else {
        line.add(backlog);
      }
      blocked = start == Start.BLOCKED ? blocked + 1 : 0;
    }
    moving = false;
  }

  private Start startOne(Backlog backlog, long now) {
    var endpoint = backlog.endpoint();
    boolean probe = endpoint.circuit.isOpen();
    if (backlog.closed || !endpoint.admits(now, mostEach)) {
      // Its own end, or time, brings it back into the line.
      return backlog.closed || probe || endpoint.inFlight == 0 ? Start.NOTHING : Start.BLOCKED;
    }
    if (!budget.admits(probe) || !endpoint.admits(now, budget.shareOfRequests())) {
      return Start.BLOCKED;
    }
    var hook = matcher.find(backlog.account(), backlog.integration());
    if (hook.isPresent() && hook.get().isPaused()) {
      return Start.NOTHING;
    }
    var next = backlog.take(now);
    if (next.isEmpty()) {
      return Start.NOTHING;
    }
    var delivery = next.get();
    if (hook.isEmpty()) {
      meters.dropped(1);
      backlog.finish(delivery);
    } else if (probe && age(delivery, now).compareTo(policy.maxAge()) > 0) {
      countGivenUp(backlog, delivery, "too old while the endpoint does not answer");
      tell(backlog, delivery, failed(backlog, hook.get(), delivery, "error too old to be sent"));
    } else {
      attempt(backlog, delivery, hook.get(), probe);
    }
    return Start.STARTED;
  }

  private void attempt(Backlog backlog, Delivery delivery, Hook hook, boolean probe) {
    backlog.endpoint().inFlight++;
    budget.started(probe);
    delivery.made++;
    var _ =
        client
            .attempt(hook, delivery.event, webhookId(backlog, delivery))
            .onSuccess(
                exchanged -> {
                  backlog.endpoint().inFlight--;
                  budget.ended(probe);
                  remember(backlog.endpoint().circuit, exchanged.attempt(), probe);
                  ended(backlog, delivery, hook, exchanged);
                  start(backlog);
                });
  }

  private static String webhookId(Backlog backlog, Delivery delivery) {
    return delivery.event.id() + "-" + backlog.integration();
  }

  private void ended(Backlog backlog, Delivery delivery, Hook hook, Exchanged exchanged) {
    long now = clock.millis();
    var attempt = exchanged.attempt();
    meters.attempted(attempt);
    if (!(attempt instanceof Attempt.Impossible)) {
      count(backlog, delivery, UsageKind.DELIVERY_ATTEMPT);
    }
    if (backlog.closed) {
      backlog.finish(delivery);
      return;
    }
    double random = ThreadLocalRandom.current().nextDouble();
    switch (policy.after(attempt, delivery.made, age(delivery, now), random)) {
      case RetryPolicy.Done _ -> {
        meters.taken(now - delivery.event.publishedAtMillis());
        count(backlog, delivery, UsageKind.DELIVERY_SUCCESS);
        String id = webhookId(backlog, delivery);
        var answer = exchanged.answer();
        tell(backlog, delivery, responses.taken(hook.responses(), delivery.event, id, answer));
      }
      case RetryPolicy.RetryIn(Duration pause) -> {
        if (delivery.made == TOLD_ATTEMPTS) {
          var _ = failed(backlog, hook, delivery, exchanged.error());
        }
        backlog.retry(delivery, now + pause.toMillis());
      }
      case RetryPolicy.GiveUp(String reason) -> {
        countGivenUp(backlog, delivery, reason);
        boolean told = delivery.made > TOLD_ATTEMPTS;
        tell(
            backlog,
            delivery,
            told ? Future.succeededFuture() : failed(backlog, hook, delivery, exchanged.error()));
      }
    }
  }

  private Future<Void> failed(Backlog backlog, Hook hook, Delivery delivery, String cause) {
    String id = webhookId(backlog, delivery);
    return responses.failed(hook.responses(), delivery.event, id, cause);
  }

  /** A delivery ends once it is told what became of it, so that a crash before repeats it. */
  private void tell(Backlog backlog, Delivery delivery, Future<Void> told) {
    telling++;
    var _ =
        told.onComplete(
            _ -> {
              telling--;
              backlog.finish(delivery);
            });
  }

  private void remember(Circuit circuit, Attempt attempt, boolean probe) {
    long now = clock.millis();
    switch (attempt) {
      case Attempt.Delivered _, Attempt.Refused _ -> circuit.answered();
      case Attempt.Unavailable(_, Duration asked) -> {
        double random = ThreadLocalRandom.current().nextDouble();
        circuit.failed(probe, now, policy.pause(circuit.failedProbes() + 1, random));
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

  private void countGivenUp(Backlog backlog, Delivery delivery, String reason) {
    givenUp.add(delivery.event.id(), backlog.integration(), reason);
    meters.gaveUp(1);
    count(backlog, delivery, UsageKind.DELIVERY_FAILURE);
  }

  private void count(Backlog backlog, Delivery delivery, UsageKind kind) {
    var event = delivery.event;
    var device = event.origin() == Origin.DEVICE ? event.id().origin() : null;
    usage.count(backlog.account(), event.product(), device, kind, 1);
  }

  /** Logs how many more were given up than were told one by one. To be called now and then. */
  public void tellGivenUp() {
    givenUp.tell();
    responses.tellDropped();
  }

  private static Duration age(Delivery delivery, long now) {
    return Duration.ofMillis(now - delivery.event.publishedAtMillis());
  }
}
