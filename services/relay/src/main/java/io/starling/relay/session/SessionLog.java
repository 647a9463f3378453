package io.starling.relay.session;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.append.EventAppender;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest;
import io.starling.journal.JournalException;
import io.starling.journal.JournalException.Kind;
import io.starling.journal.JournalLog;
import io.starling.journal.Leadership;
import io.starling.journal.LogConfig;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of persistent sessions as the bus sees it: answered by its leader, once what is answered
 * is on disk at a majority. Belongs to the relay's event loop.
 */
public final class SessionLog {
  /** The log's name in the journal. */
  public static final String NAME = "sessions";

  private final SessionState state;
  private final JournalLog log;
  private final InstantSource clock;
  private final WillSender wills;
  private final ExpiryPolicy expiry = new ExpiryPolicy();
  private final Map<String, Integer> attaching = new HashMap<>();
  private boolean expiring;

  // appends are numbered; 0: none
  private long appends;
  private long lastUnknown;

  private SessionLog(SessionState state, JournalLog log, InstantSource clock, WillSender wills) {
    this.state = state;
    this.log = log;
    this.clock = clock;
    this.wills = wills;
  }

  /** The log's state and, once the journal is open, its service. */
  public static final class Opening {
    private final SessionState state = new SessionState();

    /** What the journal needs to host the log. */
    public LogConfig config() {
      return new LogConfig(NAME, () -> state);
    }

    /**
     * The service over the opened log.
     *
     * @param appender for wills, of the caller's context
     */
    public SessionLog over(
        JournalLog log, EventAppender appender, InstantSource clock, MeterRegistry meters) {
      Gauge.builder("starling.relay.sessions", state, SessionState::size)
          .description("Persistent sessions kept in the region")
          .register(meters);
      return new SessionLog(state, log, clock, new WillSender(state, log, appender, clock, meters));
    }
  }

  /**
   * Answers whatever is asked of the log. Fails with an {@link IllegalArgumentException} if the
   * request says more than it may.
   */
  public Future<SessionsReply> answer(SessionsRequest request) {
    try {
      SessionLimits.check(request);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    if (!leads()) {
      return Future.succeededFuture(new SessionsReply.NotLeader());
    }
    return switch (request) {
      case SessionsRequest.Attach attach -> attach(attach);
      case SessionsRequest.Subscribe subscribe -> subscribe(subscribe);
      case SessionsRequest.Note note -> note(note);
      case SessionsRequest.Discard discard -> discard(discard);
    };
  }

  /** Sessions kept, as far as this replica knows. */
  public int size() {
    return state.size();
  }

  /** Gateways heard of lately, as far as this replica knows. */
  public int gateways() {
    return state.gateways().size();
  }

  private boolean leads() {
    return log.leadership() instanceof Leadership.Leading;
  }

  private Future<SessionsReply> attach(SessionsRequest.Attach request) {
    String key = request.key();
    if (isFull(request)) {
      return Future.succeededFuture(new SessionsReply.Full());
    }
    attaching.merge(key, 1, Integer::sum);
    var record =
        new SessionRecord.Attach(
            key,
            request.account(),
            request.epoch(),
            request.gateway(),
            request.cleanStart(),
            request.expirySeconds(),
            clock.millis(),
            request.will());
    return superseded(request)
        .compose(
            instead ->
                instead == null
                    ? append(record, () -> attached(request))
                    : Future.succeededFuture(instead))
        .onComplete(
            _ -> attaching.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1));
  }

  /**
   * Has the wills of earlier connections published that this one calls for: whatever the client
   * publishes next comes behind them.
   *
   * @return what is answered instead of attaching the client; null if it may be attached
   */
  private Future<@Nullable SessionsReply> superseded(SessionsRequest.Attach request) {
    String key = request.key();
    var known = state.find(key);
    boolean hasWill = known != null && known.will() != null && known.epoch() < request.epoch();
    if (!hasWill && state.dueWills().of(key).isEmpty()) {
      return Future.succeededFuture();
    }
    var record =
        new SessionRecord.Supersede(key, request.epoch(), request.cleanStart(), clock.millis());
    return append(record, SessionsReply.Noted::new)
        .compose(
            reply ->
                reply instanceof SessionsReply.Noted
                    ? wills
                        .publish(key)
                        .<@Nullable SessionsReply>map(_ -> null)
                        .otherwise(cause -> new SessionsReply.Unknown("its will: " + cause))
                    : Future.succeededFuture(reply));
  }

  /** Those on their way count for the region; the few of an account among them may be too many. */
  private boolean isFull(SessionsRequest.Attach request) {
    int will = request.will() == null ? 0 : request.will().event().length();
    return (will > 0 && state.willBytes() + will > SessionLimits.MAX_BYTES_OF_WILLS)
        || (state.find(request.key()) == null
            && (state.size() + attaching.size() >= SessionLimits.MAX_SESSIONS
                || state.size(request.account()) >= SessionLimits.MAX_SESSIONS_OF_ACCOUNT));
  }

  private SessionsReply attached(SessionsRequest.Attach request) {
    var session = state.find(request.key());
    if (session == null) {
      // It was attached, and a later connection has ended it already. To be told to try again, the
      // older one would take it back.
      return new SessionsReply.Attached(false, List.of(), List.of());
    }
    if (session.epoch() != request.epoch() || !session.gateway().equals(request.gateway())) {
      return new SessionsReply.Superseded(session.epoch());
    }
    var subscriptions = session.subscriptions();
    return new SessionsReply.Attached(
        session.present(),
        subscriptions,
        subscriptions.isEmpty() ? List.of() : state.standing(session),
        session.underWay());
  }

  private Future<SessionsReply> subscribe(SessionsRequest.Subscribe request) {
    // Appended also if there seems to be no such session: only what is committed proves that this
    // node still leads, and a gateway gives up a session that is gone.
    var record =
        new SessionRecord.Subscribe(
            request.key(), request.epoch(), request.subscriptions(), request.positions());
    return append(
        record,
        () -> {
          var session = state.find(request.key());
          return session != null && session.isAttachedIn(request.epoch())
              ? new SessionsReply.Kept()
              : new SessionsReply.Gone();
        });
  }

  private Future<SessionsReply> note(SessionsRequest.Note request) {
    var record =
        new SessionRecord.Note(
            request.gateway(), request.positions(), request.notes(), clock.millis());
    return append(record, SessionsReply.Noted::new).onComplete(_ -> wills.turn());
  }

  /**
   * Nearly every client that connects wants nothing kept and has nothing kept: that costs a look
   * into the state, and no record. The state is good enough for it: this node leads, so it has
   * applied all that earlier leaders committed ({@link Leadership.Leading}); what is on its way
   * from here is looked at too. What remains is a leader that has been replaced and was not told
   * yet, a second or so: what its successor took in meanwhile is not discarded, and stays until its
   * own connection ends or falls silent.
   */
  private Future<SessionsReply> discard(SessionsRequest.Discard request) {
    var session = state.find(request.key());
    boolean nothing = session == null || session.epoch() >= request.belowEpoch();
    boolean noWill = state.dueWills().of(request.key()).isEmpty();
    if (nothing && noWill && !attaching.containsKey(request.key()) && lastUnknown == 0) {
      return Future.succeededFuture(new SessionsReply.Discarded());
    }
    var record = new SessionRecord.Discard(request.key(), request.belowEpoch());
    return append(record, SessionsReply.Discarded::new).onComplete(_ -> wills.turn());
  }

  /** Appends, and answers from the state that the record has led to. */
  private Future<SessionsReply> append(SessionRecord record, Supplier<SessionsReply> answer) {
    long number = ++appends;
    return log.append(RecordFormat.encode(record))
        .map(
            position -> {
              settle(number);
              return answer.get();
            })
        .recover(cause -> refusal(cause, number));
  }

  /** Records stand in the order of the appends: no earlier one can turn up any more. */
  private void settle(long number) {
    if (lastUnknown < number) {
      lastUnknown = 0;
    }
  }

  private Future<SessionsReply> refusal(Throwable cause, long number) {
    if (!(cause instanceof JournalException journal)) {
      return Future.failedFuture(cause);
    }
    if (journal.kind() == Kind.UNKNOWN) {
      lastUnknown = Math.max(lastUnknown, number);
    }
    return switch (journal.kind()) {
      case NOT_LEADER, CLOSED -> Future.succeededFuture(new SessionsReply.NotLeader());
      case TOO_LARGE ->
          Future.failedFuture(new IllegalArgumentException(String.valueOf(journal.getMessage())));
      // What was certainly not stored, for want of room, is to be sent again as well.
      default ->
          Future.succeededFuture(new SessionsReply.Unknown(String.valueOf(journal.getMessage())));
    };
  }

  /** Publishes the wills whose time has come; to be called often on every node. */
  public void publishWills() {
    wills.turn();
  }

  /**
   * Ends sessions whose time is over, at most a thousand; to be called every ten seconds on every
   * node. Does nothing unless this node leads. Completes when it is on disk with how many that
   * were; what could not be written is tried again in the next turn.
   */
  public Future<Integer> turn(long nowMillis) {
    if (expiring || !(log.leadership() instanceof Leadership.Leading(long term))) {
      return Future.succeededFuture(0);
    }
    var over = expiry.look(term, nowMillis, state);
    if (over == null) {
      return Future.succeededFuture(0);
    }
    expiring = true;
    int before = over.sessions().size();
    return log.append(RecordFormat.encode(over))
        .map(position -> before)
        .recover(
            cause ->
                cause instanceof JournalException
                    ? Future.succeededFuture(0)
                    : Future.failedFuture(cause))
        .onComplete(
            _ -> {
              expiring = false;
              wills.turn();
            });
  }
}
