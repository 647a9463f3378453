package io.starling.connection.persistent;

import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of sessions, once a second and one note at a time, how far the kept sessions of
 * this gateway are: those that keep up cost nothing, they are where the gateway is. What is not
 * told because a note failed is told by the next one. Belongs to one event loop.
 */
public final class Notes {
  private static final Logger LOG = LoggerFactory.getLogger(Notes.class);
  private static final long PERIOD_MILLIS = 1_000;
  private static final long SOON_MILLIS = 10;
  private static final int MAX_NOTES = 1_000;

  /** Of the packets under way in all notes that go together. */
  private static final int MAX_UNDER_WAY_BYTES = 128 << 10;

  /** A farewell that is lost costs only that the session's expiry begins a minute later. */
  private static final int MAX_FAREWELLS = 100_000;

  /** The sessions of a gateway that is silent for a minute count as left. */
  private static final int TURNS_OF_SILENCE = 5;

  private final Vertx vertx;
  private final StoredSessions stored;
  private final Supplier<Optional<List<JournalPosition>>> gateway;
  private final Set<KeptSession> sessions = new LinkedHashSet<>();
  private final ArrayDeque<KeptSession> leaving = new ArrayDeque<>();
  private final ArrayDeque<SessionNote> farewells = new ArrayDeque<>();
  private @Nullable List<JournalPosition> toldGateway;
  private int silent;
  private @Nullable Promise<Void> turning;
  private boolean again;
  private boolean soon;

  private Notes(
      Vertx vertx, StoredSessions stored, Supplier<Optional<List<JournalPosition>>> gateway) {
    this.vertx = vertx;
    this.stored = stored;
    this.gateway = gateway;
  }

  /**
   * Starts to tell.
   *
   * @param gateway where the gateway stands in each shard, empty while it is not known
   */
  public static Notes start(
      Vertx vertx, StoredSessions stored, Supplier<Optional<List<JournalPosition>>> gateway) {
    var notes = new Notes(vertx, stored, gateway);
    vertx.setPeriodic(
        PERIOD_MILLIS,
        _ -> {
          var _ = notes.turn(false);
        });
    return notes;
  }

  /** A session is here. */
  public void add(KeptSession session) {
    sessions.add(session);
  }

  /** A session's connection is over, and it is closed. */
  public void remove(KeptSession session) {
    if (sessions.remove(session) && farewells.size() + leaving.size() < MAX_FAREWELLS) {
      leaving.add(session);
      if (session.isAwaited()) {
        tellSoon();
      }
    }
  }

  /** Not at once: where one connection is lost, others often are. */
  private void tellSoon() {
    if (!soon) {
      soon = true;
      vertx.setTimer(
          SOON_MILLIS,
          _ -> {
            soon = false;
            var _ = turning == null ? turn(false) : turning.future().compose(_ -> turn(false));
          });
    }
  }

  /** A session was attached for a client that is gone. */
  public void gone(SessionNote farewell) {
    if (farewells.size() < MAX_FAREWELLS) {
      farewells.add(farewell);
    }
  }

  /** How many sessions are kept here. */
  public int size() {
    return sessions.size();
  }

  /** Tells everything there is to tell now; completes when that is done, or failed. */
  public Future<Void> flush() {
    again = turning != null;
    return turn(true);
  }

  private Future<Void> turn(boolean all) {
    if (turning != null) {
      return turning.future();
    }
    for (int left = leaving.size(); left > 0; left--) {
      var session = leaving.remove();
      if (all || session.isSettled()) {
        farewells.add(session.farewell());
      } else {
        leaving.add(session);
      }
    }
    Promise<Void> done = Promise.promise();
    turning = done;
    tell()
        .onComplete(
            told -> {
              turning = null;
              if (told.failed()) {
                LOG.debug("The log of sessions was not told: {}", told.cause().getMessage());
              }
              if (again) {
                again = false;
                turn(true).onComplete(done);
              } else {
                done.complete();
              }
            });
    return done.future();
  }

  /**
   * All that has changed, looked at in one turn of the event loop, in as many notes as it takes.
   */
  private Future<Void> tell() {
    var left = List.copyOf(farewells);
    farewells.clear();
    var changed = new ArrayList<KeptSession>();
    var notes = new ArrayList<SessionNote>(left);
    // The gateway goes on while it is not known what became of what they published.
    leaving.forEach(session -> session.standing().ifPresent(notes::add));
    for (var session : sessions) {
      session
          .news()
          .ifPresent(
              news -> {
                changed.add(session);
                notes.add(news);
              });
    }
    var at = sessions.isEmpty() ? List.<JournalPosition>of() : gateway.get().orElse(List.of());
    boolean due = !sessions.isEmpty() && ++silent >= TURNS_OF_SILENCE;
    if (notes.isEmpty() && !due && at.equals(toldGateway)) {
      return Future.succeededFuture();
    }
    silent = 0;
    return tell(notes, 0, at)
        .onSuccess(_ -> toldGateway = at)
        .onFailure(
            _ -> {
              changed.forEach(KeptSession::untold);
              left.stream().limit(MAX_FAREWELLS - farewells.size()).forEach(farewells::add);
            });
  }

  /** The gateway's own positions go with the last: sessions that are behind them are told first. */
  private Future<Void> tell(List<SessionNote> notes, int from, List<JournalPosition> at) {
    int to = end(notes, from);
    boolean last = to == notes.size();
    return stored
        .note(last ? at : List.of(), notes.subList(from, to))
        .compose(_ -> last ? Future.succeededFuture() : tell(notes, to, at));
  }

  /** Up to where notes go together. */
  private static int end(List<SessionNote> notes, int from) {
    int to = from;
    int bytes = 0;
    while (to < notes.size() && to - from < MAX_NOTES && bytes < MAX_UNDER_WAY_BYTES) {
      bytes += notes.get(to++).underWay().length();
    }
    return to;
  }
}
