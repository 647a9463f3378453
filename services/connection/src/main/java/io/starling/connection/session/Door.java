package io.starling.connection.session;

import io.starling.bootstrap.cluster.EpochClock;
import io.starling.connection.credential.Client;
import io.starling.connection.credential.Verdict;
import io.starling.connection.mqtt.Accepted;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Refusal;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Answers CONNECT, at once. Belongs to one event loop. */
public final class Door {
  private final Gateway gateway;
  private final SessionTable sessions;
  private final EpochClock epochs;
  private final RefusalLog log;
  private boolean closed;

  /** A door of one gateway. */
  public Door(Gateway gateway, SessionTable sessions, EpochClock epochs) {
    this.gateway = gateway;
    this.sessions = sessions;
    this.epochs = epochs;
    this.log = new RefusalLog(gateway.clock());
  }

  /** Lets a client in, or sends it away. */
  public void answer(Connect connect, Link link) {
    if (closed) {
      refuse(connect, link, Refusal.SERVER_UNAVAILABLE);
      return;
    }
    switch (gateway.credentials().check(connect)) {
      case Verdict.Refused(var why) -> refuse(connect, link, why);
      case Verdict.Admitted(var client, var assigned) -> {
        var missing = notOffered(connect.will());
        if (missing == null) {
          admit(connect, link, client, assigned);
        } else {
          refuse(connect, link, missing);
        }
      }
    }
  }

  private static @Nullable Refusal notOffered(Connect.@Nullable Will will) {
    if (will == null) {
      return null;
    }
    if (will.retain()) {
      return Refusal.WILL_RETAIN_NOT_OFFERED;
    }
    return will.qos() > 1 ? Refusal.WILL_QOS_NOT_OFFERED : Refusal.WILL_NOT_OFFERED;
  }

  private void refuse(Connect connect, Link link, Refusal refusal) {
    gateway.sessionMeters().refused(refusal);
    log.refused(connect, refusal);
    link.refuse(refusal);
  }

  private void admit(Connect connect, Link link, Client client, @Nullable String assigned) {
    long cap = gateway.maxKeepAlive().toSeconds();
    boolean capped =
        connect.isV5() && (connect.keepAliveSeconds() == 0 || connect.keepAliveSeconds() > cap);
    var session =
        new Session(
            gateway,
            client,
            epochs.next(),
            connect,
            link,
            // One and a half times the keep alive (MQTT 5, section 3.1.2.10).
            capped ? cap * 1_500 : 0,
            sessions::remove);
    link.serve(session);
    link.accept(new Accepted(assigned, capped ? (int) cap : null));
    gateway.sessionMeters().accepted();
    sessions.add(session);
  }

  /** Lets nobody in any more, and ends all sessions; completes when that is known. */
  public Future<Void> close() {
    closed = true;
    return sessions.close(CloseReason.SERVER_SHUTTING_DOWN);
  }
}
