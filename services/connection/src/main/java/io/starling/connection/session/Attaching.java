package io.starling.connection.session;

import io.starling.bootstrap.cluster.EpochClock;
import io.starling.connection.credential.Client;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Refusal;
import io.starling.connection.persistent.KeptSession;
import io.starling.connection.publish.Wills;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client waits for its CONNACK until its session is at this gateway. Belongs to one event loop.
 */
final class Attaching {
  private static final Logger LOG = LoggerFactory.getLogger(Attaching.class);

  private final Gateway gateway;
  private final EpochClock epochs;
  private final Connect connect;
  private final Link link;
  private final Client client;
  private final boolean cleanStart;
  private final int keepAliveSeconds;
  private final long expirySeconds;
  private boolean gone;

  /** How it ended. */
  sealed interface Outcome {}

  /** The session is here. */
  record Attached(long epoch, SessionsReply.Attached stored) implements Outcome {}

  /** It is not, and the client is to be told so. */
  record Refused(Refusal refusal) implements Outcome {}

  /** There is nobody to be told any more. */
  record Gone() implements Outcome {}

  Attaching(
      Gateway gateway,
      EpochClock epochs,
      Connect connect,
      Link link,
      Client client,
      boolean cleanStart,
      int keepAliveSeconds,
      long expirySeconds) {
    this.gateway = gateway;
    this.epochs = epochs;
    this.connect = connect;
    this.link = link;
    this.client = client;
    this.cleanStart = cleanStart;
    this.keepAliveSeconds = keepAliveSeconds;
    this.expirySeconds = expirySeconds;
  }

  /**
   * Never fails.
   *
   * @param before what is waited for first, whatever becomes of it
   */
  Future<Outcome> run(Future<Void> before) {
    link.hold().onSuccess(_ -> gone = true);
    return before.otherwiseEmpty().compose(_ -> attach(true));
  }

  private Future<Outcome> attach(boolean mayTryAgain) {
    long epoch = epochs.next();
    return gateway
        .stored()
        .attach(client.key(), client.account(), epoch, cleanStart, expirySeconds, will(epoch))
        .compose(
            reply -> answered(reply, epoch, mayTryAgain),
            cause -> {
              LOG.debug("The session of {} cannot be had: {}", client, cause.getMessage());
              return outcome(new Refused(Refusal.SERVER_UNAVAILABLE));
            });
  }

  private SessionsRequest.@Nullable Will will(long epoch) {
    var will = connect.will();
    if (will == null || !Wills.isOne(will)) {
      return null;
    }
    long now = gateway.clock().millis();
    return Wills.of(will, Authors.of(client, gateway), epoch, keepAliveSeconds, now);
  }

  private Future<Outcome> answered(
      SessionsReply.AttachReply reply, long epoch, boolean mayTryAgain) {
    return switch (reply) {
      case SessionsReply.Attached stored when gone -> {
        // What there was stays where it was; what was made now nobody knows of.
        gateway
            .notes()
            .gone(
                stored.present()
                    ? KeptSession.left(client.key(), epoch, stored)
                    : KeptSession.ended(client.key(), epoch));
        yield outcome(new Gone());
      }
      case SessionsReply.Attached stored -> outcome(new Attached(epoch, stored));
      case SessionsReply.Superseded(long higher) -> {
        epochs.observe(higher);
        yield mayTryAgain && !gone
            ? attach(false)
            : outcome(new Refused(Refusal.SERVER_UNAVAILABLE));
      }
      case SessionsReply.Full _ -> outcome(new Refused(Refusal.QUOTA_EXCEEDED));
      case SessionsReply.NotLeader _, SessionsReply.Unknown _ ->
          outcome(new Refused(Refusal.SERVER_UNAVAILABLE));
    };
  }

  private Future<Outcome> outcome(Outcome outcome) {
    return Future.succeededFuture(gone ? new Gone() : outcome);
  }
}
