package io.starling.api.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.api.access.Actors;
import io.starling.bootstrap.bus.Bus;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells the audit who was refused, in batches. Belongs to the context of its edge. */
public final class RefusalSender implements Refused {
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final Duration LAST = Duration.ofMillis(900);
  private static final long PAUSE_MILLIS = 10_000;
  private static final long FIRST_MILLIS = 250;
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
  private boolean timed;
  private long sentAtMillis;

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
    schedule(Math.max(FIRST_MILLIS, sentAtMillis + PAUSE_MILLIS - now));
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

  private void schedule(long afterMillis) {
    if (!timed) {
      timed = true;
      var _ =
          vertx.setTimer(
              afterMillis,
              _ -> {
                timed = false;
                var _ = send(DEADLINE);
              });
    }
  }

  private Future<?> send(Duration deadline) {
    if (batch == null) {
      if (counter.isEmpty()) {
        return Future.succeededFuture();
      }
      batch = new StoreRefusals(UUID.randomUUID().toString(), counter.take());
      tries = 0;
    }
    sentAtMillis = clock.millis();
    var sent = batch;
    return bus.ask(sent, deadline)
        .onSuccess(reply -> told(reply instanceof AuditReply.Stored, sent))
        .onFailure(
            cause -> {
              boolean ours = !Bus.isNobody(cause) && !Bus.isTimeout(cause);
              tries += ours ? 1 : 0;
              boolean hopeless = tries >= MAX_TRIES;
              if (hopeless) {
                dropped.increment(
                    (double) sent.refusals().stream().mapToLong(Refusals::count).sum());
              }
              told(hopeless, sent);
            });
  }

  private void told(boolean over, StoreRefusals sent) {
    if (over && sent.equals(batch)) {
      batch = null;
    }
    if (batch != null || !counter.isEmpty()) {
      schedule(PAUSE_MILLIS);
    }
  }

  /** Sends what there is, once. */
  public Future<?> stop() {
    return send(LAST).otherwiseEmpty();
  }
}
