package io.starling.connection.session;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.EpochClock;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.connection.mqtt.CloseReason;
import io.starling.contract.GatewayRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the soft map of sessions who is here, and learns from it who was elsewhere. Nothing waits
 * for the map: a client is served at once, and the loser of two is found out when the map answers.
 * Belongs to one event loop.
 */
final class Presence {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
  private static final int TRIES = 5;
  private static final long PAUSE_MILLIS = 500;

  private final Vertx vertx;
  private final Bus bus;
  private final Sessions sessions;
  private final EpochClock clock;
  private final String gateway;

  Presence(Vertx vertx, Bus bus, Sessions sessions, EpochClock clock, String gateway) {
    this.vertx = vertx;
    this.bus = bus;
    this.sessions = sessions;
    this.clock = clock;
    this.gateway = gateway;
  }

  /** A client is here, or still is. */
  void online(Session session) {
    var _ = session.announce(() -> online(session, TRIES));
  }

  private Future<Void> online(Session session, int tries) {
    if (session.isOver()) {
      return Future.succeededFuture();
    }
    return sessions
        .put(session.key(), entry(session, true))
        .compose(
            before -> met(session, before, tries),
            cause -> {
              if (tries <= 1) {
                LOG.debug("The map of sessions was not told of {}", session.client(), cause);
                session.untold();
                return Future.succeededFuture();
              }
              return vertx.timer(pause()).compose(_ -> online(session, tries - 1));
            });
  }

  private static long pause() {
    return ThreadLocalRandom.current().nextLong(PAUSE_MILLIS, 2 * PAUSE_MILLIS);
  }

  /** What to do about whom the map knew before. */
  private Future<Void> met(Session session, Optional<SessionEntry> before, int tries) {
    if (before.isEmpty() || session.isOver()) {
      return Future.succeededFuture();
    }
    var other = before.get();
    if (other.epoch() > session.epoch()) {
      return behind(session, other, tries);
    }
    boolean elsewhere = other.online() && !other.gateway().equals(gateway);
    if (elsewhere && other.epoch() < session.epoch()) {
      bus.hint(new GatewayRequest.Kick(other.gateway(), session.key(), session.epoch()));
    }
    return Future.succeededFuture();
  }

  /** A higher epoch that is online has won; one that is over only had a faster clock. */
  private Future<Void> behind(Session session, SessionEntry other, int tries) {
    clock.observe(other.epoch());
    if (other.online()) {
      session.end(CloseReason.SESSION_TAKEN_OVER);
      return Future.succeededFuture();
    }
    session.raiseEpoch(clock.next());
    return tries > 1 ? online(session, tries - 1) : Future.succeededFuture();
  }

  /**
   * A client is gone. Completes when the map knows, or will not: with whether the client is nowhere
   * else, as far as is known.
   */
  Future<Boolean> offline(Session session) {
    return session.announce(
        () ->
            sessions
                .put(session.key(), entry(session, false))
                .map(
                    before ->
                        before
                            .filter(other -> other.online() && other.epoch() > session.epoch())
                            .isEmpty())
                .otherwise(true));
  }

  private SessionEntry entry(Session session, boolean online) {
    return new SessionEntry(
        gateway,
        session.epoch(),
        online,
        session.lastHeardMillis(),
        session.keepAliveSeconds(),
        session.address());
  }
}
