package io.starling.api.region;

import io.starling.api.region.SessionFinder.Holder;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.DeviceId;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.starling.contract.Request;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the gateway that holds a device. If the device is not there after all, it is searched for
 * and asked for once more; beyond that nothing is asked twice, for functions need not be
 * idempotent. Belongs to the context that made it.
 */
public final class GatewayClient {
  private static final long LOOK_MILLIS = 500;

  private final Bus bus;
  private final SessionFinder sessions;
  private final Set<Waiting> waiting = new LinkedHashSet<>();

  /** A question that a gateway has not answered; completed with empty if it falls silent. */
  private record Waiting(String gateway, Promise<Boolean> silent) {}

  /** What became of a question: at most one of an answer and the news that nobody took it. */
  private record Asked<R>(Optional<R> reply, boolean isElsewhere) {}

  /** Over this bus. */
  public GatewayClient(Vertx vertx, Bus bus, SessionFinder sessions) {
    this.bus = bus;
    this.sessions = sessions;
    var _ = vertx.setPeriodic(LOOK_MILLIS, _ -> look());
  }

  /**
   * A question to a gateway.
   *
   * @param <Q> the request
   */
  @FunctionalInterface
  public interface Question<Q> {
    /** For the gateway that holds the device, in the session of this epoch. */
    Q to(String gateway, long epoch);
  }

  /**
   * Asks.
   *
   * @return the reply, never {@link GatewayReply.Moved}; empty if the device is not connected, or
   *     its gateway is gone, has fallen silent or did not answer in time
   */
  public <R extends GatewayReply, Q extends GatewayRequest & Request<R>> Future<Optional<R>> ask(
      DeviceId device, Duration deadline, Question<Q> question) {
    return sessions
        .holder(device)
        .compose(holder -> askAt(holder, deadline, question))
        .compose(
            asked ->
                asked.isElsewhere()
                    ? sessions
                        .search(device)
                        .compose(holder -> this.<R, Q>askAt(holder, deadline, question))
                    : Future.succeededFuture(asked))
        .map(Asked::reply);
  }

  private <R extends GatewayReply, Q extends GatewayRequest & Request<R>> Future<Asked<R>> askAt(
      Optional<Holder> found, Duration deadline, Question<Q> question) {
    if (found.isEmpty()) {
      return Future.succeededFuture(new Asked<R>(Optional.empty(), false));
    }
    var holder = found.get();
    var answer = bus.<R, Q>ask(question.to(holder.gateway(), holder.epoch()), deadline);
    return answered(holder.gateway(), answer)
        .map(
            reply ->
                reply.filter(GatewayReply.Moved.class::isInstance).isPresent()
                    ? new Asked<R>(Optional.empty(), true)
                    : new Asked<>(reply, false))
        .recover(
            cause ->
                Bus.isNobody(cause) || Bus.isTimeout(cause)
                    ? Future.succeededFuture(new Asked<>(Optional.empty(), Bus.isNobody(cause)))
                    : Future.failedFuture(cause));
  }

  /** The answer, or empty as soon as the gateway is known not to give one. */
  private <R> Future<Optional<R>> answered(String gateway, Future<R> answer) {
    if (answer.isComplete()) {
      return answer.map(Optional::of);
    }
    Promise<Boolean> silent = Promise.promise();
    var entry = new Waiting(gateway, silent);
    waiting.add(entry);
    Promise<Optional<R>> first = Promise.promise();
    silent.future().onSuccess(_ -> first.tryComplete(Optional.empty()));
    answer.onComplete(
        reply -> {
          waiting.remove(entry);
          if (reply.succeeded()) {
            first.tryComplete(Optional.of(reply.result()));
          } else {
            first.tryFail(reply.cause());
          }
        });
    return first.future();
  }

  private void look() {
    for (var entry : List.copyOf(waiting)) {
      if (sessions.isUnresponsive(entry.gateway())) {
        waiting.remove(entry);
        entry.silent().tryComplete(true);
      }
    }
  }
}
