package io.starling.webhooks.sink;

import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.request.Broker;
import io.starling.webhooks.response.Answer;
import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Exchanged;
import io.starling.webhooks.send.SendLimits;
import io.starling.webhooks.send.Sender;
import io.starling.webhooks.send.Talk;
import io.starling.webhooks.send.Timing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends to brokers what is for brokers, and leaves webhooks to another. */
public final class Sinks implements Sender {
  private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);

  /** Connections to brokers at once; the one that was idle longest makes place for a new one. */
  private static final int MOST_LINES = 64;

  private static final long SWEEP_MILLIS = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final SendLimits limits;
  private final AllowedBrokers allowed;
  private final Sender webhooks;

  /** In the order of their last use. */
  private final Map<IntegrationId, Open> lines = new LinkedHashMap<>(16, 0.75f, true);

  /** A line of one version of an integration, to the broker as that version has it. */
  private static final class Open {
    final Broker broker;
    final Line line;
    long usedNanos;

    Open(Broker broker, Line line) {
      this.broker = broker;
      this.line = line;
    }
  }

  /** On the caller's context. */
  public Sinks(Vertx vertx, SendLimits limits, AllowedBrokers allowed, Sender webhooks) {
    this.vertx = vertx;
    this.limits = limits;
    this.allowed = allowed;
    this.webhooks = webhooks;
    vertx.setPeriodic(SWEEP_MILLIS, _ -> closeIdle());
  }

  @Override
  public Future<Exchanged> attempt(Hook hook, List<Event> events, String id) {
    var broker = hook.broker();
    if (broker == null) {
      return webhooks.attempt(hook, events, id);
    }
    long began = System.nanoTime();
    var talk = new Talk(broker.kind().type(), 0, Buffer.buffer());
    String host = broker.hosts().getFirst().name();
    return publish(hook, broker, events.getFirst(), id)
        .timeout(limits.attemptTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .<Attempt>map(_ -> new Attempt.Delivered(200))
        .otherwise(cause -> failed(hook, cause))
        .map(attempt -> new Exchanged(attempt, host, answer(attempt), timing(began), talk));
  }

  private Future<Void> publish(Hook hook, Broker broker, Event event, String id) {
    var refusal = allowed.refusal(broker);
    if (refusal.isPresent()) {
      return Future.failedFuture(new IllegalArgumentException(refusal.get()));
    }
    try {
      var message = broker.message(event, hook.requests().render(List.of(event), id), id);
      return line(hook.integration().id(), broker).publish(message);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  // Each version of an integration has a broker of its own.
  @SuppressWarnings("ReferenceEquality")
  private Line line(IntegrationId id, Broker broker) {
    var open = lines.get(id);
    if (open != null && open.broker != broker) {
      open.line.close();
      open = null;
    }
    if (open == null) {
      makeRoom();
      open = new Open(broker, open(broker));
      lines.put(id, open);
    }
    open.usedNanos = System.nanoTime();
    return open.line;
  }

  private void makeRoom() {
    if (lines.size() >= MOST_LINES) {
      var eldest = lines.entrySet().iterator().next();
      eldest.getValue().line.close();
      lines.remove(eldest.getKey());
    }
  }

  private Line open(Broker broker) {
    return switch (broker.kind()) {
      case KAFKA -> new KafkaLine(vertx, broker, limits.attemptTimeout());
      case MQTT -> new MqttLine(vertx, broker);
      case AMQP ->
          new AmqpLine(vertx, broker, limits.attemptTimeout(), SSLSocketFactory::getDefault);
    };
  }

  private void closeIdle() {
    long now = System.nanoTime();
    lines
        .values()
        .removeIf(
            open -> {
              boolean idle = now - open.usedNanos > IDLE.toNanos();
              if (idle) {
                open.line.close();
              }
              return idle;
            });
  }

  private static Attempt failed(Hook hook, Throwable cause) {
    return switch (cause) {
      case IllegalArgumentException refused ->
          new Attempt.Impossible(String.valueOf(refused.getMessage()));
      case TimeoutException _ -> new Attempt.Unavailable("no acknowledgement in time", null);
      default -> {
        LOG.debug("Integration {} does not reach its broker", hook.integration().id(), cause);
        String message = cause.getMessage();
        yield new Attempt.Unavailable(
            message == null ? cause.getClass().getSimpleName() : message, null);
      }
    };
  }

  private static @Nullable Answer answer(Attempt attempt) {
    return attempt instanceof Attempt.Delivered ? new Answer(Buffer.buffer(), "") : null;
  }

  private static Timing timing(long began) {
    int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    return new Timing(0, 0, 0, millis, millis);
  }
}
