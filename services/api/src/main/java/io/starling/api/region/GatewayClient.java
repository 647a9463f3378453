package io.starling.api.region;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.DeviceId;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.starling.contract.Request;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks the gateway that holds a device. If the device has moved meanwhile, it is looked up and
 * asked for once more; beyond that nothing is asked twice, for functions need not be idempotent.
 */
public final class GatewayClient {
  private final Bus bus;
  private final SessionFinder sessions;

  /** Over this bus. */
  public GatewayClient(Bus bus, SessionFinder sessions) {
    this.bus = bus;
    this.sessions = sessions;
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
   * @return the reply, never {@link GatewayReply.Moved}; empty if the device is not connected, its
   *     gateway is gone or did not answer in time
   */
  public <R extends GatewayReply, Q extends GatewayRequest & Request<R>> Future<Optional<R>> ask(
      DeviceId device, Duration deadline, Question<Q> question) {
    return once(device, deadline, question)
        .compose(
            reply ->
                reply.filter(GatewayReply.Moved.class::isInstance).isPresent()
                    ? once(device, deadline, question)
                    : Future.succeededFuture(reply))
        .map(reply -> reply.filter(answer -> !(answer instanceof GatewayReply.Moved)));
  }

  private <R extends GatewayReply, Q extends GatewayRequest & Request<R>> Future<Optional<R>> once(
      DeviceId device, Duration deadline, Question<Q> question) {
    return sessions
        .find(device)
        .map(found -> found.filter(SessionEntry::online))
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.<R>empty())
                    : askAt(found.get(), deadline, question));
  }

  private <R extends GatewayReply, Q extends GatewayRequest & Request<R>> Future<Optional<R>> askAt(
      SessionEntry holder, Duration deadline, Question<Q> question) {
    return bus.<R, Q>ask(question.to(holder.gateway(), holder.epoch()), deadline)
        .map(Optional::of)
        .recover(
            cause ->
                Bus.isNobody(cause) || Bus.isTimeout(cause)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(cause));
  }
}
