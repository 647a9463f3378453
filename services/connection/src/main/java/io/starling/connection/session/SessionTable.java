package io.starling.connection.session;

import io.starling.bootstrap.Node;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.connection.mqtt.CloseReason;
import io.starling.contract.Change;
import io.starling.contract.DeviceId;
import io.starling.contract.GatewayReply;
import io.starling.directory.Directory;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one gateway by key. Belongs to one event loop; only {@link #size} may be asked
 * from elsewhere.
 */
public final class SessionTable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionTable.class);
  private static final long HEARD_EVERY_MILLIS = 60_000;

  /** A map that a frozen member holds up answers again after some seconds; calls wait for it. */
  private static final long UNTOLD_MILLIS = 3_000;

  private static final int SWEEP_SLICE = 500;

  private final Map<String, Session> sessions = new HashMap<>();
  private final List<Future<Void>> leaving = new ArrayList<>();
  private final Presence presence;
  private final OnlineTimes times;
  private final TokenSessions ofTokens = new TokenSessions();
  private volatile int size;
  private boolean allChanged;
  private Consumer<List<Change>> alsoTold = _ -> {};
  private Runnable unwatch = () -> {};
  private boolean sweeping;
  private boolean closing;

  private SessionTable(Presence presence, OnlineTimes times) {
    this.presence = presence;
    this.times = times;
  }

  /** An empty table for a gateway; the caller is on its event loop. */
  public static SessionTable of(
      Node node, String gateway, Directory directory, UsageCounter usage, InstantSource clock) {
    var presence = new Presence(node.vertx(), node.bus(), node.sessions(), node.clock(), gateway);
    var table = new SessionTable(presence, new OnlineTimes(usage, directory, clock));
    var context = node.vertx().getOrCreateContext();
    table.unwatch = directory.watch(changes -> context.runOnContext(_ -> table.changed(changes)));
    return table;
  }

  /** Has somebody else told, on this event loop, of rows of the directory that have changed. */
  public void tell(Consumer<List<Change>> other) {
    alsoTold = other;
  }

  /** Looks at those whom rows of the directory concern that have changed, at nobody else. */
  private void changed(List<Change> changes) {
    for (var change : changes) {
      switch (change.kind()) {
        case "device" -> look(sessions.get(change.key()));
        case "token" -> ofTokens.of(change.key()).forEach(this::look);
        // Of many devices, and it never locks one out: there is time until the next sweep.
        case "product", "product_authority" -> allChanged = true;
        default -> {}
      }
    }
    alsoTold.accept(changes);
  }

  private void look(@Nullable Session session) {
    try {
      if (session != null && !session.isOver() && !session.check()) {
        session.end(CloseReason.NOT_AUTHORIZED);
      }
    } catch (RuntimeException e) {
      LOG.error("{} could not be looked at", session, e);
    }
  }

  /** How many sessions there are. */
  public int size() {
    return size;
  }

  /** Takes a new session in; of two of the same client the one with the lower epoch ends. */
  void add(Session session) {
    var known = sessions.get(session.key());
    if (known != null && known.epoch() > session.epoch()) {
      session.end(CloseReason.SESSION_TAKEN_OVER);
      return;
    }
    var before = sessions.put(session.key(), session);
    ofTokens.add(session);
    times.began(session);
    size = sessions.size();
    if (before != null) {
      before.end(CloseReason.SESSION_TAKEN_OVER);
    }
    presence.online(session);
    // Its credentials may have been looked at a while ago.
    look(session);
  }

  /** A session is over. */
  void remove(Session session) {
    boolean current = sessions.remove(session.key(), session);
    ofTokens.remove(session);
    times.over(session);
    size = sessions.size();
    if (current) {
      var known =
          presence
              .offline(session)
              .compose(
                  nowhere ->
                      nowhere && !sessions.containsKey(session.key())
                          ? session.tellOffline()
                          : Future.succeededFuture());
      if (closing) {
        leaving.add(known);
      }
    }
  }

  /** Finds a device's session, if it is the one that is meant. */
  @Nullable Session find(DeviceId device, long epoch) {
    var session = sessions.get(device.toString());
    return session != null && session.epoch() == epoch ? session : null;
  }

  /** The sessions of these devices, of those that are here. */
  List<GatewayReply.HeldSession> held(List<DeviceId> devices) {
    var held = new ArrayList<GatewayReply.HeldSession>();
    for (var device : devices) {
      var session = sessions.get(device.toString());
      if (session != null) {
        held.add(
            new GatewayReply.HeldSession(
                device,
                session.epoch(),
                session.lastHeardMillis(),
                session.keepAliveSeconds(),
                session.address()));
      }
    }
    return held;
  }

  /** Tells whether a client has a session here that leaves a will. */
  boolean hasWill(String key) {
    var session = sessions.get(key);
    return session != null && session.hasWill();
  }

  /** Ends a client's session because it is here again; false if there is none. */
  boolean takeOver(String key) {
    var session = sessions.get(key);
    if (session == null) {
      return false;
    }
    session.end(CloseReason.SESSION_TAKEN_OVER);
    return true;
  }

  /** Ends a client's session if it is older than {@code belowEpoch}. */
  void kick(String key, long belowEpoch) {
    var session = sessions.get(key);
    if (session != null && session.epoch() < belowEpoch) {
      session.end(CloseReason.SESSION_TAKEN_OVER);
    }
  }

  /**
   * Ends the sessions whose credentials have run out or that fell silent, and tells the map of
   * sessions who was heard of; counts how long some were here. A large table is gone through in
   * slices, so that nothing else has to wait.
   */
  public void sweep(Gateway gateway) {
    times.turn();
    if (sweeping) {
      return;
    }
    boolean changed = allChanged;
    allChanged = false;
    sweeping = true;
    sweep(gateway, List.copyOf(sessions.values()), 0, changed);
  }

  private void sweep(Gateway gateway, List<Session> all, int from, boolean changed) {
    long now = gateway.clock().millis();
    int to = Math.min(all.size(), from + SWEEP_SLICE);
    for (var session : all.subList(from, to)) {
      try {
        sweep(session, gateway, now, changed);
      } catch (RuntimeException e) {
        // One session must not keep all others from being looked at.
        LOG.error("{} could not be looked at", session.client(), e);
      }
    }
    if (to < all.size()) {
      gateway.vertx().runOnContext(_ -> sweep(gateway, all, to, changed));
    } else {
      sweeping = false;
    }
  }

  private void sweep(Session session, Gateway gateway, long now, boolean changed) {
    if (session.isOver()) {
      return;
    }
    if ((changed && !session.check()) || gateway.credentials().hasExpired(session.client())) {
      session.end(CloseReason.NOT_AUTHORIZED);
    } else if (session.isSilent(now)) {
      session.end(CloseReason.KEEP_ALIVE_TIMEOUT);
    } else if (session.isStuck()) {
      // Behind other batches it may wait for several times as long as each of them is tried.
      session.end(CloseReason.SERVER_BUSY);
    } else if (session.lastHeardMillis() - session.announcedMillis() > HEARD_EVERY_MILLIS
        || session.isUntoldFor(UNTOLD_MILLIS, now)) {
      presence.online(session);
    }
  }

  /** All sessions; from here on it is kept in mind which ends the map of sessions was told of. */
  List<Session> leaveAll() {
    closing = true;
    return List.copyOf(sessions.values());
  }

  /** Ends all sessions; completes when the map of sessions knows. */
  Future<Void> close(CloseReason reason) {
    unwatch.run();
    leaveAll().forEach(session -> session.end(reason));
    return Future.join(leaving).mapEmpty();
  }
}
