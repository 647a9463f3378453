package io.starling.connection;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stands in for the log of sessions: remembers what it is told, as long as it may. */
final class FakeSessions {
  private static final Stored NONE =
      new Stored(0, State.ENDED, List.of(), List.of(), Buffer.buffer(), 0);

  final Map<String, Stored> sessions = new ConcurrentHashMap<>();

  /** The wills of the sessions that are attached. */
  final Map<String, SessionsRequest.Will> wills = new ConcurrentHashMap<>();

  /** What was told of wills when connections were over, one behind the other. */
  final List<SessionsRequest.WillFate> fates = new CopyOnWriteArrayList<>();

  /** The requests to attach. */
  final List<SessionsRequest.Attach> attached = new CopyOnWriteArrayList<>();

  private volatile List<JournalPosition> gateway = List.of();
  private volatile SessionsReply.@Nullable AttachReply attachReply;
  private volatile Future<Void> gate = Future.succeededFuture();
  private final AtomicInteger waiting = new AtomicInteger();

  record Stored(
      long epoch,
      State state,
      List<StoredSubscription> filters,
      List<JournalPosition> at,
      Buffer underWay,
      long expirySeconds) {}

  FakeSessions(Bus bus, String relay) {
    TestRegion.done(bus.serve("sessions." + relay, SessionsRequest.class, this::answer));
  }

  /** Attaches nobody, but answers so; null: attaches again. */
  void answersAttach(SessionsReply.@Nullable AttachReply reply) {
    attachReply = reply;
  }

  /** What is kept of a session; of none that is kept nowhere. */
  Stored get(String key) {
    return sessions.getOrDefault(key, NONE);
  }

  /** Where a session stands. */
  List<JournalPosition> standing(String key) {
    var session = get(key);
    return session.state() == State.LIVE ? gateway : session.at();
  }

  /** Answers nobody who attaches until the gate is opened. */
  Promise<Void> holdsAttach() {
    Promise<Void> held = Promise.promise();
    gate = held.future();
    return held;
  }

  /** How many wait to be attached. */
  int waiting() {
    return waiting.get();
  }

  private Future<? extends SessionsReply> answer(SessionsRequest request) {
    if (request instanceof SessionsRequest.Attach attach) {
      waiting.incrementAndGet();
      return gate.map(
          _ -> {
            waiting.decrementAndGet();
            return attach(attach);
          });
    }
    return Future.succeededFuture(
        switch (request) {
          case SessionsRequest.Attach attach -> attach(attach);
          case SessionsRequest.Subscribe(
                  var _,
                  var key,
                  long epoch,
                  var filters,
                  var positions) -> {
            sessions.put(
                key,
                new Stored(
                    epoch,
                    State.BEHIND,
                    filters,
                    positions,
                    Buffer.buffer(),
                    get(key).expirySeconds()));
            yield new SessionsReply.Kept();
          }
          case SessionsRequest.Note note -> {
            note.notes().forEach(this::note);
            gateway = note.positions().isEmpty() ? gateway : note.positions();
            yield new SessionsReply.Noted();
          }
          case SessionsRequest.Discard discard -> {
            sessions.remove(discard.key());
            yield new SessionsReply.Discarded();
          }
        });
  }

  private SessionsReply.AttachReply attach(SessionsRequest.Attach attach) {
    attached.add(attach);
    var instead = attachReply;
    if (instead != null) {
      return instead;
    }
    if (attach.will() != null) {
      wills.put(attach.key(), attach.will());
    }
    var known = attach.cleanStart() ? null : sessions.get(attach.key());
    var at = known == null ? List.<JournalPosition>of() : standing(attach.key());
    List<StoredSubscription> filters = known == null ? List.of() : known.filters();
    var underWay =
        known == null || known.state() != State.LEFT ? Buffer.buffer() : known.underWay();
    sessions.put(
        attach.key(),
        new Stored(
            attach.epoch(), State.BEHIND, filters, at, Buffer.buffer(), attach.expirySeconds()));
    return new SessionsReply.Attached(known != null, filters, at, underWay);
  }

  private void note(SessionsRequest.SessionNote note) {
    if (note.state() == State.ENDED || note.state() == State.LEFT) {
      fates.add(note.will());
    }
    if (note.state() == State.ENDED) {
      sessions.computeIfPresent(
          note.key(), (key, known) -> known.epoch() == note.epoch() ? null : known);
      return;
    }
    sessions.computeIfPresent(
        note.key(),
        (key, known) ->
            known.epoch() != note.epoch()
                ? known
                : new Stored(
                    known.epoch(),
                    note.state(),
                    known.filters(),
                    note.positions().isEmpty() ? known.at() : note.positions(),
                    note.underWay(),
                    note.expirySeconds() < 0 ? known.expirySeconds() : note.expirySeconds()));
  }
}
