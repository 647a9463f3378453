package io.starling.connection.session;

import io.starling.connection.credential.Client;
import io.starling.connection.delivery.Backlog;
import io.starling.connection.delivery.Outbox;
import io.starling.connection.delivery.Subscriber;
import io.starling.connection.delivery.Subscription;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Requested;
import io.starling.connection.persistent.KeptSession;
import io.starling.connection.publish.PublishFlow;
import io.starling.connection.retained.RetainedFlow;
import io.starling.contract.DeviceId;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest.WillFate;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SUBSCRIBE and UNSUBSCRIBE of one client, answered once the relays know, and, if its session is to
 * outlive the connection, once the log of sessions has kept it. Belongs to one event loop.
 */
final class SubscribeFlow {
  private static final Logger LOG = LoggerFactory.getLogger(SubscribeFlow.class);

  private final Gateway gateway;
  private final Client client;
  private final Link link;
  private final Subscriber subscriber;
  private final Outbox outbox;
  private final PublishFlow flow;
  private final @Nullable KeptSession kept;
  private final Consumer<CloseReason> end;

  /** Made when it is needed: most clients subscribe to little or nothing. */
  private @Nullable RetainedFlow retained;

  /**
   * A client that has not subscribed to anything.
   *
   * @param origin who is in the ids of its own events
   * @param flow what it publishes; knows the author whose permissions count
   * @param keepSeconds how long the session is kept after its connection; negative: its end is that
   *     of the connection
   * @param end ends the session
   */
  SubscribeFlow(
      Gateway gateway,
      Client client,
      DeviceId origin,
      long epoch,
      Link link,
      Outbox outbox,
      PublishFlow flow,
      long keepSeconds,
      Consumer<CloseReason> end) {
    this.gateway = gateway;
    this.client = client;
    this.link = link;
    this.end = end;
    this.subscriber =
        new Subscriber(
            client.account(),
            origin,
            epoch,
            client instanceof Client.OfDevice,
            gateway.subscriptions(),
            outbox);
    this.outbox = outbox;
    this.flow = flow;
    this.kept =
        keepSeconds < 0
            ? null
            : new KeptSession(
                gateway.stored(),
                client.key(),
                epoch,
                keepSeconds,
                backlog(outbox),
                subscriber,
                flow);
  }

  private Backlog backlog(Outbox outbox) {
    return new Backlog(
        gateway.vertx(),
        gateway.reader(),
        gateway.subscriptions(),
        subscriber,
        outbox,
        gateway.deliveryMeters(),
        gateway.shards());
  }

  /** Goes on with what was kept; once, after CONNACK and before anything that the client sends. */
  void resume(SessionsReply.Attached attached) {
    if (kept != null) {
      gateway.notes().add(kept);
      var owed = kept.resume(attached);
      if (!owed.isEmpty()) {
        retained().goOn(owed);
      }
    }
  }

  /** The connection was over before it could go on: the log has to hear of that all the same. */
  void abandon(SessionsReply.Attached attached) {
    if (kept != null) {
      gateway.notes().gone(kept.unserved(attached));
    }
  }

  void subscribe(int packetId, List<Requested> filters) {
    var wanted = new ArrayList<Subscription>();
    subscriber
        .subscribe(filters, flow.author()::maySubscribe, wanted)
        .compose(this::kept)
        .onSuccess(
            granted -> {
              granted.forEach(gateway.deliveryMeters()::count);
              link.subscribed(packetId, granted);
              sendRetained(wanted);
            })
        .onFailure(this::notKept);
  }

  /** Tells whether the client may have all that it has subscribed to, as things stand now. */
  boolean isAllowed() {
    return subscriber.allMatch(flow.author()::maySubscribe);
  }

  private void sendRetained(List<Subscription> wanted) {
    if (!wanted.isEmpty()) {
      retained().send(wanted);
    }
  }

  private RetainedFlow retained() {
    var flow =
        retained == null
            ? new RetainedFlow(
                gateway.vertx(),
                gateway.retained(),
                subscriber,
                outbox,
                () -> end.accept(CloseReason.SERVER_BUSY))
            : retained;
    retained = flow;
    return flow;
  }

  void unsubscribe(int packetId, List<String> filters) {
    kept(subscriber.unsubscribe(filters))
        .onSuccess(existed -> link.unsubscribed(packetId, existed))
        .onFailure(this::notKept);
  }

  /** What is answered, once the subscriptions are where they outlive this gateway. */
  private <T> Future<T> kept(T answer) {
    if (kept == null) {
      return Future.succeededFuture(answer);
    }
    return kept.save()
        .map(
            still -> {
              if (!still) {
                end.accept(CloseReason.SESSION_TAKEN_OVER);
              }
              return answer;
            });
  }

  /** The client comes again, and finds what was kept. */
  private void notKept(Throwable cause) {
    LOG.debug("The subscriptions of {} are not kept: {}", client, cause.getMessage());
    end.accept(CloseReason.SERVER_BUSY);
  }

  /** The session is to be kept for another time than was said in CONNECT. */
  void keepFor(long seconds) {
    if (kept != null) {
      kept.keepFor(Math.min(seconds, gateway.maxSessionExpiry().toSeconds()));
    }
  }

  /** The session has a new epoch. */
  void epochChanged(long now) {
    subscriber.epochChanged(now);
  }

  /**
   * The connection is over.
   *
   * @param will what is to become of it, if there is one
   */
  void close(WillFate will) {
    if (kept != null) {
      kept.close(will, retained == null ? List.of() : retained.owed());
      gateway.notes().remove(kept);
    }
    if (retained != null) {
      retained.close();
    }
    subscriber.close();
  }
}
