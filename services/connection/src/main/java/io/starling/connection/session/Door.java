package io.starling.connection.session;

import io.starling.bootstrap.cluster.EpochClock;
import io.starling.connection.admission.Admission;
import io.starling.connection.admission.Admission.Turn;
import io.starling.connection.credential.Client;
import io.starling.connection.credential.Registrations;
import io.starling.connection.credential.Verdict;
import io.starling.connection.guard.Guard;
import io.starling.connection.guard.GuardMeters.Slowed;
import io.starling.connection.mqtt.Accepted;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Refusal;
import io.starling.connection.persistent.KeptSession;
import io.starling.connection.publish.Wills;
import io.starling.contract.SessionsReply;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers CONNECT, when its turn has come. Belongs to one event loop; only {@link #draining} may be
 * asked from elsewhere.
 */
public final class Door {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  private final Gateway gateway;
  private final Admission admission;
  private final Guard guard;
  private final SessionTable sessions;
  private final EpochClock epochs;
  private final Registrations registrations;
  private final Delays delays;
  private final Refusals refusals;
  private final @Nullable String serverReference;
  private volatile @Nullable Drain drain;
  private @Nullable String drainedTo;
  private boolean closed;

  /**
   * A door of one gateway.
   *
   * @param registrations for devices that nobody knows
   * @param serverReference where those may go for whom there is no room, null if not known
   */
  public Door(
      Gateway gateway,
      Admission admission,
      Guard guard,
      SessionTable sessions,
      EpochClock epochs,
      Registrations registrations,
      @Nullable String serverReference) {
    this.gateway = gateway;
    this.admission = admission;
    this.sessions = sessions;
    this.epochs = epochs;
    this.registrations = registrations;
    this.serverReference = serverReference;
    this.guard = guard;
    this.delays = new Delays(gateway.vertx(), guard);
    this.refusals = new Refusals(gateway, guard, delays);
  }

  /** Lets a client in, or sends it away; at once, or when its turn has come. */
  public void answer(Connect connect, Link link) {
    admission.turn(link).onSuccess(turn -> answer(turn, connect, link));
  }

  private void answer(Turn turn, Connect connect, Link link) {
    try {
      switch (turn) {
        case COME_IN -> enter(connect, link);
        case TOO_MANY -> refusals.refuseForNow(connect, link, Refusal.SERVER_BUSY, serverReference);
        case CLOSED -> turnAway(connect, link);
      }
    } catch (RuntimeException e) {
      // One client must not keep those behind it from their turn.
      LOG.error("A CONNECT could not be handled", e);
      link.refuse(Refusal.SERVER_UNAVAILABLE);
    }
  }

  private void turnAway(Connect connect, Link link) {
    if (closed) {
      refusals.refuse(connect, link, Refusal.SERVER_UNAVAILABLE);
    } else {
      refusals.refuseForNow(connect, link, Refusal.SERVER_UNAVAILABLE, drainedTo);
    }
  }

  private void enter(Connect connect, Link link) {
    switch (gateway.credentials().check(connect)) {
      case Verdict.Refused(var why) -> refusals.refuseStranger(connect, link, why);
      case Verdict.Unregistered unregistered -> register(unregistered, connect, link);
      case Verdict.Admitted(var client, var assigned) -> {
        refusals.forget(connect);
        admitInTime(connect, link, client, assigned);
      }
    }
  }

  /** It is told to come again, or that it has to wait for somebody's approval. */
  private void register(Verdict.Unregistered device, Connect connect, Link link) {
    var gone = link.hold();
    var _ =
        registrations
            .register(device)
            .onSuccess(
                refusal -> {
                  if (!gone.isComplete()) {
                    refusals.refuse(connect, link, refusal);
                  }
                });
  }

  /** At once, unless it is a device that comes again and again. */
  private void admitInTime(Connect connect, Link link, Client client, @Nullable String assigned) {
    long wait =
        client instanceof Client.OfDevice
            ? guard.flapping().connects(client.key(), System.nanoTime())
            : 0;
    if (wait == 0) {
      admit(connect, link, client, assigned);
    } else if (!delays.later(
        link, wait, Slowed.FLAPPING, () -> admitStill(connect, link, client, assigned))) {
      refusals.refuse(connect, link, Refusal.SERVER_BUSY);
    }
  }

  /** A while after its credentials were looked at. */
  private void admitStill(Connect connect, Link link, Client client, @Nullable String assigned) {
    if (closed || drain != null) {
      turnAway(connect, link);
    } else if (gateway.credentials().stillGood(client)) {
      admit(connect, link, client, assigned);
    } else {
      refusals.refuse(connect, link, Refusal.NOT_AUTHORIZED);
    }
  }

  private void admit(Connect connect, Link link, Client client, @Nullable String assigned) {
    var willTopic = Wills.topic(connect.will());
    if (willTopic != null && !Authors.of(client, gateway).mayPublish(willTopic)) {
      refusals.refuse(connect, link, Refusal.NOT_AUTHORIZED);
      return;
    }
    if (isKept(connect) || Wills.isOne(connect.will()) || sessions.hasWill(client.key())) {
      new Attaching(
              gateway,
              epochs,
              connect,
              link,
              client,
              connect.cleanStart() || !isKept(connect),
              keepAliveSeconds(connect),
              expiry(connect).toSeconds())
          .run(takenOver(client))
          .onSuccess(outcome -> attached(outcome, connect, link, client, assigned));
      return;
    }
    long epoch = epochs.next();
    if (assigned == null || client instanceof Client.OfDevice) {
      gateway.stored().discard(client.key(), epoch);
    }
    var accepted = accepted(connect, assigned, false, 0);
    enter(session(connect, link, client, epoch, -1), connect, link, accepted, null);
  }

  private boolean isKept(Connect connect) {
    return connect.isPersistent() && gateway.maxSessionExpiry().isPositive();
  }

  private int keepAliveSeconds(Connect connect) {
    return isCapped(connect) ? (int) cap() : connect.keepAliveSeconds();
  }

  /** What an older connection leaves behind here goes along: that has to be told first. */
  private Future<Void> takenOver(Client client) {
    return sessions.takeOver(client.key()) ? gateway.notes().flush() : Future.succeededFuture();
  }

  private void attached(
      Attaching.Outcome outcome,
      Connect connect,
      Link link,
      Client client,
      @Nullable String assigned) {
    switch (outcome) {
      case Attaching.Gone _ -> {}
      case Attaching.Refused _ when closed ->
          refusals.refuse(connect, link, Refusal.SERVER_UNAVAILABLE);
      case Attaching.Refused(var refusal) -> refusals.refuse(connect, link, refusal);
      case Attaching.Attached(long epoch, var stored) when closed -> {
        gateway.notes().gone(KeptSession.left(client.key(), epoch, stored));
        refusals.refuse(connect, link, Refusal.SERVER_UNAVAILABLE);
      }
      case Attaching.Attached(long epoch, var stored) -> {
        long seconds = expiry(connect).toSeconds();
        var session = session(connect, link, client, epoch, seconds);
        var accepted = accepted(connect, assigned, stored.present(), seconds);
        enter(session, connect, link, accepted, stored);
      }
    }
  }

  private Duration expiry(Connect connect) {
    var asked = Duration.ofSeconds(connect.sessionExpirySeconds());
    var most = gateway.maxSessionExpiry();
    return asked.compareTo(most) < 0 ? asked : most;
  }

  private long cap() {
    return gateway.maxKeepAlive().toSeconds();
  }

  private boolean isCapped(Connect connect) {
    return connect.isV5()
        && (connect.keepAliveSeconds() == 0 || connect.keepAliveSeconds() > cap());
  }

  private Accepted accepted(
      Connect connect, @Nullable String assigned, boolean present, long seconds) {
    return new Accepted(
        present,
        seconds == connect.sessionExpirySeconds() ? null : seconds,
        assigned,
        isCapped(connect) ? (int) cap() : null);
  }

  private Session session(Connect connect, Link link, Client client, long epoch, long keepSeconds) {
    return new Session(
        gateway,
        client,
        epoch,
        connect,
        link,
        keepSeconds,
        // One and a half times the keep alive (MQTT 5, section 3.1.2.10).
        isCapped(connect) ? cap() * 1_500 : 0,
        sessions::remove);
  }

  private void enter(
      Session session,
      Connect connect,
      Link link,
      Accepted accepted,
      SessionsReply.@Nullable Attached stored) {
    link.serve(session);
    link.accept(accepted);
    gateway.sessionMeters().accepted(connect);
    sessions.add(session);
    if (!session.isOver()) {
      session.tellOnline(connect.protocol(), accepted.sessionPresent());
    }
    if (stored != null) {
      session.resume(stored);
    }
    // Last: what the client sent behind its CONNECT comes now.
    link.resume();
  }

  /**
   * Lets nobody in any more, and sends the clients away, spread over a time. Another call while it
   * lasts changes nothing.
   *
   * @param server where MQTT 5 clients are told to go, null: what the settings say
   * @return completes when all are gone, or when the time is over
   */
  public Future<Drained> drain(Duration over, @Nullable String server) {
    var running = drain;
    if (running == null) {
      drainedTo = server == null ? serverReference : server;
      running = new Drain(gateway.vertx(), sessions.leaveAll(), over, drainedTo);
      drain = running;
      admission.close();
      return running.run();
    }
    return running.done();
  }

  /** How many clients are left of how many there were, while a drain lasts and after it. */
  public Optional<Drained> draining() {
    return Optional.ofNullable(drain).map(now -> new Drained(now.total(), now.left()));
  }

  /** Lets nobody in any more, and ends all sessions; completes when that is known. */
  public Future<Void> close() {
    closed = true;
    admission.close();
    var known = sessions.close(CloseReason.SERVER_SHUTTING_DOWN);
    if (drain != null) {
      drain.end();
    }
    return known.compose(_ -> gateway.notes().flush());
  }
}
