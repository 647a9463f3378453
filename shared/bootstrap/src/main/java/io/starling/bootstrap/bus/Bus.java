package io.starling.bootstrap.bus;

import io.starling.contract.Actor;
import io.starling.contract.Addressed;
import io.starling.contract.BusCodec;
import io.starling.contract.BusMessage;
import io.starling.contract.Request;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus as the services use it: requests with one answer and a deadline, and hints that may
 * be lost. Best effort: the journal and the database hold the promises.
 *
 * <p>Thread-safe; futures complete on the caller's context. Expected outcomes are reply values. A
 * failed future means that machinery broke: nobody there, no answer in time, a handler that threw
 * ({@link #isTimeout} and {@link #isNobody} tell the first two apart).
 */
public final class Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final int HANDLER_FAILED = 500;
  private static final String ACTOR = "actor";

  private final Vertx vertx;
  private final BusCodec codec = new BusCodec();

  /** The bus of this Vert.x; made once per Vert.x, because a codec's name registers once. */
  public Bus(Vertx vertx) {
    this.vertx = vertx;
    vertx
        .eventBus()
        .registerCodec(codec)
        .codecSelector(body -> body instanceof BusMessage ? codec.name() : null);
  }

  /**
   * Asks, and waits at most {@code deadline} for the answer.
   *
   * @param request anything addressed that has a reply type
   */
  public <R extends BusMessage, Q extends Request<R>> Future<R> ask(Q request, Duration deadline) {
    return ask(request, within(deadline));
  }

  /** The same, and tells who it is that asks. */
  public <R extends BusMessage, Q extends Request<R>> Future<R> ask(
      Q request, Actor actor, Duration deadline) {
    return ask(request, within(deadline).addHeader(ACTOR, actor.encode()));
  }

  private static DeliveryOptions within(Duration deadline) {
    return new DeliveryOptions().setSendTimeout(Math.max(1, deadline.toMillis()));
  }

  @SuppressWarnings("unchecked")
  private <R extends BusMessage, Q extends Request<R>> Future<R> ask(
      Q request, DeliveryOptions options) {
    return vertx
        .eventBus()
        .<BusMessage>request(request.address(), request, options)
        .map(message -> (R) message.body());
  }

  /** Sends to one of those who serve the address; nobody answers, and it may be lost. */
  public <Q extends BusMessage & Addressed> void hint(Q message) {
    vertx.eventBus().send(message.address(), message);
  }

  /**
   * Sends a hint and tells when a listener has handled it, so that the sender can bound what is on
   * its way; fails when nobody did within the deadline.
   */
  public <Q extends BusMessage & Addressed> Future<Void> deliver(Q message, Duration deadline) {
    var options = new DeliveryOptions().setSendTimeout(Math.max(1, deadline.toMillis()));
    return vertx.eventBus().request(message.address(), message, options).mapEmpty();
  }

  /** Sends to all who serve the address; it may be lost. */
  public <Q extends BusMessage & Addressed> void publish(Q message) {
    vertx.eventBus().publish(message.address(), message);
  }

  /**
   * Answers the requests that reach an address, on the caller's context. A handler that throws or
   * fails still answers, with a failure that says nothing of the inside.
   *
   * @param type what is expected; anything else is answered with a failure
   * @return the registration, complete when the whole cluster knows of it
   */
  public <T extends BusMessage> Future<Registration> serve(
      String address, Class<T> type, Function<T, Future<? extends BusMessage>> handler) {
    return serveKnown(address, type, (request, _) -> handler.apply(request));
  }

  /** The same, and hears who it is that asks, where that was told. */
  public <T extends BusMessage> Future<Registration> serveKnown(
      String address,
      Class<T> type,
      BiFunction<T, Optional<Actor>, Future<? extends BusMessage>> handler) {
    MessageConsumer<BusMessage> consumer = vertx.eventBus().consumer(address);
    consumer.handler(
        message ->
            Future.succeededFuture(message.body())
                .map(type::cast)
                .compose(request -> handler.apply(request, actor(message)))
                .onSuccess(message::reply)
                .onFailure(cause -> failed(address, cause, message)));
    return consumer.completion().map(done -> new Registration(consumer));
  }

  private static Optional<Actor> actor(io.vertx.core.eventbus.Message<BusMessage> message) {
    return Optional.ofNullable(message.headers().get(ACTOR)).flatMap(Actor::decode);
  }

  /** Takes the hints that reach an address, on the caller's context. */
  public <T extends BusMessage> Future<Registration> listen(
      String address, Class<T> type, Consumer<T> handler) {
    MessageConsumer<BusMessage> consumer = vertx.eventBus().consumer(address);
    consumer.handler(
        message -> {
          try {
            handler.accept(type.cast(message.body()));
          } catch (RuntimeException e) {
            LOG.error("A hint at {} was not understood", address, e);
          }
          if (message.replyAddress() != null) {
            message.reply(null);
          }
        });
    return consumer.completion().map(done -> new Registration(consumer));
  }

  private static void failed(
      String address, Throwable cause, io.vertx.core.eventbus.Message<BusMessage> message) {
    LOG.error("A request at {} failed: {}", address, name(message.body()), cause);
    message.fail(HANDLER_FAILED, "request failed");
  }

  private static String name(BusMessage body) {
    return body == null ? "nothing" : body.getClass().getSimpleName();
  }

  /** Tells whether no answer came in time: it may or may not have been done. */
  public static boolean isTimeout(Throwable cause) {
    return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
  }

  /** Tells whether nobody serves the address: it was not done. */
  public static boolean isNobody(Throwable cause) {
    return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }

  /** A served address, until it is ended. */
  public static final class Registration {
    private final MessageConsumer<?> consumer;

    Registration(MessageConsumer<?> consumer) {
      this.consumer = consumer;
    }

    /** Stops serving. */
    public Future<Void> end() {
      return consumer.unregister();
    }
  }
}
