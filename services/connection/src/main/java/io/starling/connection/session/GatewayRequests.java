package io.starling.connection.session;

import io.starling.contract.BusMessage;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayReply.Moved;
import io.starling.contract.GatewayRequest;
import io.vertx.core.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers what other services ask of the devices that are connected here. */
public final class GatewayRequests {
  private final SessionTable sessions;

  /** Answers for the sessions of one gateway. */
  public GatewayRequests(SessionTable sessions) {
    this.sessions = sessions;
  }

  /** Answers one request. */
  public Future<? extends BusMessage> answer(GatewayRequest request) {
    return switch (request) {
      case GatewayRequest.CallFunction(
              var _,
              var device,
              long epoch,
              var function,
              var argument,
              long timeoutMillis) ->
          with(
              sessions.find(device, epoch),
              session -> session.commands().call(function, argument, timeoutMillis));
      case GatewayRequest.ReadVariable(
              var _,
              var device,
              long epoch,
              var variable,
              long timeoutMillis) ->
          with(
              sessions.find(device, epoch),
              session -> session.commands().read(variable, timeoutMillis));
      case GatewayRequest.Ping(var _, var device, long epoch, long timeoutMillis) ->
          with(sessions.find(device, epoch), session -> session.commands().ping(timeoutMillis));
      case GatewayRequest.UpdateVitals(var _, var device, long epoch, long timeoutMillis) ->
          with(sessions.find(device, epoch), session -> session.commands().vitals(timeoutMillis));
      case GatewayRequest.Signal(var _, var device, long epoch, boolean on) ->
          with(
              sessions.find(device, epoch),
              session -> Future.succeededFuture(session.commands().signal(on)));
      case GatewayRequest.Describe(var _, var device, long epoch) ->
          with(
              sessions.find(device, epoch),
              session -> Future.succeededFuture(session.commands().description()));
      case GatewayRequest.Find(var _, var devices) ->
          Future.succeededFuture(new GatewayReply.Held(sessions.held(devices)));
      case GatewayRequest.Kick(var _, var client, long belowEpoch) -> {
        sessions.kick(client, belowEpoch);
        yield Future.succeededFuture(new Moved());
      }
    };
  }

  private static Future<? extends BusMessage> with(
      @Nullable Session session, Function<Session, Future<? extends BusMessage>> ask) {
    return session == null ? Future.succeededFuture(new Moved()) : ask.apply(session);
  }
}
