package io.starling.api.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.api.access.Actors;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountsReply;
import io.starling.contract.AuditReply;
import io.starling.contract.AuditRequest.Refusals;
import io.starling.contract.AuditRequest.StoreRefusals;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Exchange;
import io.starling.http.Refused;
import io.starling.http.rate.Place;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells the audit who was refused, in batches: the first of a kind at once, and after ten seconds
 * how many followed it. Belongs to the context of its edge.
 */
public final class RefusalSender implements Refused {
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final Duration LAST = Duration.ofMillis(450);
  private static final long PAUSE_MILLIS = 10_000;

  /** In which those that come at once become one batch. */
  private static final long FIRST_MILLIS = 50;

  private static final int MAX_TRIES = 5;
  private static final Set<Integer> OF_READING = Set.of(401, 403, 404, 429);

  private final Vertx vertx;
  private final Bus bus;
  private final Directory directory;
  private final Actors actors;
  private final InstantSource clock;
  private final RefusalCounter counter = new RefusalCounter();
  private final Counter dropped;

  /** On its way, and sent again until it is kept. */
  private @Nullable StoreRefusals batch;

  private int tries;
  private boolean waited;
  private boolean timed;
  private boolean hurried;

  /** A sender that has nothing to tell. */
  public RefusalSender(
      Vertx vertx,
      Bus bus,
      Directory directory,
      InstantSource clock,
      MeterRegistry meters,
      int instance) {
    this.vertx = vertx;
    this.bus = bus;
    this.directory = directory;
    this.actors = new Actors(directory);
    this.clock = clock;
    String name = Integer.toString(instance);
    this.dropped =
        Counter.builder("starling.audit.dropped")
            .description("Refusals that are in no audit")
            .tag("instance", name)
            .register(meters);
    FunctionCounter.builder("starling.audit.merged", counter, RefusalCounter::merged)
        .description("Refusals that are in the audit without their details")
        .tag("instance", name)
        .register(meters);
  }

  @Override
  public void heard(Exchange exchange, Answer.Whole answer) {
    boolean reads = exchange.request().method().name().equals("GET");
    if (reads && !OF_READING.contains(answer.status())) {
      return;
    }
    var actor = actors.of(exchange);
    long now = clock.millis();
    boolean first =
        counter.count(
            new Refusals(
                actor,
                about(exchange, actor.product()),
                answer.status() < 500,
                answer.status(),
                why(answer.status()),
                now,
                now,
                1),
            Place.of(exchange.clientAddress()));
    if (first) {
      hurry();
    }
    schedule();
  }

  /** Whose things it was about: of the product, or of whom somebody claims to be. */
  private String about(Exchange exchange, int product) {
    if (product != 0) {
      return directory.product(product).map(it -> it.owner().toString()).orElse("");
    }
    Optional<String> claimed =
        exchange.known().isPresent()
            ? Optional.empty()
            : exchange
                .fields()
                .text("username")
                .or(() -> exchange.basic().map(Exchange.Basic::name));
    return claimed
        .flatMap(directory::accountByEmail)
        .map(Entry.Account::id)
        .map(Object::toString)
        .orElse("");
  }

  /** Nothing of an answer is told but what it is: it may repeat what was sent. */
  private static String why(int status) {
    return switch (status) {
      case 400, 413, 415, 422 -> "invalid";
      case 401 -> "unauthenticated";
      case 403 -> "forbidden";
      case 404 -> "not-found";
      case 409 -> "conflict";
      case 429 -> "too-many";
      default -> status < 500 ? "refused" : "unavailable";
    };
  }

  /** All that there is, when the stretch is over and nothing is on its way. */
  private void schedule() {
    if (timed) {
      return;
    }
    timed = true;
    var _ =
        vertx.setTimer(
            PAUSE_MILLIS,
            _ -> {
              timed = false;
              if (batch == null) {
                var _ = send(DEADLINE, counter.take());
              }
              if (!counter.isEmpty()) {
                schedule();
              }
            });
  }

  /** What must not be lost with a process that dies; behind what is on its way. */
  private void hurry() {
    if (hurried || batch != null) {
      return;
    }
    hurried = true;
    var _ =
        vertx.setTimer(
            FIRST_MILLIS,
            _ -> {
              hurried = false;
              if (batch == null) {
                var _ = send(DEADLINE, counter.takeFirsts());
              }
            });
  }

  private Future<?> send(Duration deadline, List<Refusals> taken) {
    if (taken.isEmpty()) {
      return Future.succeededFuture();
    }
    tries = 0;
    batch = new StoreRefusals(UUID.randomUUID().toString(), taken);
    return send(deadline, batch);
  }

  private Future<?> send(Duration deadline, StoreRefusals sent) {
    return bus.ask(sent, deadline)
        .onSuccess(
            reply -> {
              switch (reply) {
                case AuditReply.Stored _ -> over();
                case AccountsReply.DatabaseDown(int seconds) -> again(sent, seconds * 1_000L);
              }
            })
        .onFailure(cause -> failed(cause, sent));
  }

  private void failed(Throwable cause, StoreRefusals sent) {
    boolean ours = !Bus.isNobody(cause) && !Bus.isTimeout(cause);
    tries += ours ? 1 : 0;
    if (tries < MAX_TRIES) {
      again(sent, PAUSE_MILLIS);
    } else {
      dropped.increment((double) sent.refusals().stream().mapToLong(Refusals::count).sum());
      over();
    }
  }

  private void again(StoreRefusals sent, long afterMillis) {
    waited = true;
    var _ =
        vertx.setTimer(
            Math.clamp(afterMillis, FIRST_MILLIS, PAUSE_MILLIS),
            _ -> {
              if (sent.equals(batch)) {
                var _ = send(DEADLINE, sent);
              }
            });
  }

  private void over() {
    batch = null;
    if (waited) {
      waited = false;
      var _ = send(DEADLINE, counter.take());
    } else if (counter.hasFirsts()) {
      hurry();
    }
  }

  /** Sends what there is, once, behind what is on its way. */
  public Future<?> stop() {
    var rest = counter.take();
    var last = batch;
    return (last == null ? Future.succeededFuture() : send(LAST, last))
        .otherwiseEmpty()
        .compose(_ -> send(LAST, rest))
        .otherwiseEmpty();
  }
}
