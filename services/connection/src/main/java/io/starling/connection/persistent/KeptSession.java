package io.starling.connection.persistent;

import io.starling.connection.delivery.Backlog;
import io.starling.connection.delivery.Progress;
import io.starling.connection.delivery.Subscriber;
import io.starling.connection.publish.PublishFlow;
import io.starling.connection.retained.Owed;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.WillFate;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is kept of a session, while this gateway has its connection. Belongs to one event loop. */
public final class KeptSession {
  /** What is not committed by then ends in the appender anyway. */
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final StoredSessions stored;
  private final String key;
  private final long epoch;
  private long expirySeconds;
  private final Backlog backlog;
  private final Subscriber subscriber;
  private final PublishFlow flow;
  private Future<Boolean> saved = Future.succeededFuture(true);
  private boolean otherExpiry;
  private @Nullable SessionNote told;

  // once its connection is over
  private List<JournalPosition> leftAt = List.of();
  private Progress progress = Progress.none();
  private List<Owed> owed = List.of();
  private long closedNanos;
  private WillFate will = WillFate.NONE;

  /**
   * A session that was attached.
   *
   * @param epoch that it was attached with
   * @param expirySeconds how long it is kept after its connection, 0: not at all
   */
  public KeptSession(
      StoredSessions stored,
      String key,
      long epoch,
      long expirySeconds,
      Backlog backlog,
      Subscriber subscriber,
      PublishFlow flow) {
    this.stored = stored;
    this.key = key;
    this.epoch = epoch;
    this.expirySeconds = expirySeconds;
    this.backlog = backlog;
    this.subscriber = subscriber;
    this.flow = flow;
  }

  /** It is to be kept for another time after its connection; 0: not at all. */
  public void keepFor(long seconds) {
    expirySeconds = seconds;
    otherExpiry = true;
  }

  /**
   * Goes on with what there was, before anything that the client sends is taken.
   *
   * @return retained messages that the client was to be sent over its former connection
   */
  public List<Owed> resume(SessionsReply.Attached attached) {
    var underWay = UnderWay.decode(attached.underWay());
    flow.resume(underWay.received());
    backlog.resume(attached.positions(), underWay.progress());
    if (!attached.subscriptions().isEmpty()) {
      subscriber.restore(attached.subscriptions(), flow.author()::maySubscribe);
      backlog.pull();
    }
    return underWay.owed();
  }

  /**
   * Keeps the subscriptions as they are now, behind what was kept before. Completes with false if
   * the session belongs to somebody else by now; fails if that is not known in time.
   */
  public Future<Boolean> save() {
    if (expirySeconds == 0) {
      return Future.succeededFuture(true); // nothing of it outlives the connection
    }
    saved = saved.compose(still -> still ? saveNow() : Future.succeededFuture(false));
    return saved;
  }

  private Future<Boolean> saveNow() {
    var positions = backlog.positions().orElse(List.of());
    return stored
        .subscribe(key, epoch, subscriber.stored(), positions)
        .map(reply -> reply instanceof SessionsReply.Kept);
  }

  /** What is to be told of it, if anything has changed since the last time. */
  Optional<SessionNote> news() {
    var note = note();
    if (note.equals(Optional.ofNullable(told))) {
      return Optional.empty();
    }
    told = note.orElse(told);
    return note;
  }

  /** What was told did not arrive. */
  void untold() {
    told = null;
  }

  private Optional<SessionNote> note() {
    return backlog.isLive()
        ? Optional.of(new SessionNote(key, epoch, State.LIVE, List.of()))
        : backlog.positions().map(at -> new SessionNote(key, epoch, State.BEHIND, at));
  }

  /**
   * Its connection is over, and this is to become of its will.
   *
   * @param retained what the client was to be sent yet
   */
  public void close(WillFate fate, List<Owed> retained) {
    will = fate;
    owed = retained;
    closedNanos = System.nanoTime();
    leftAt = backlog.positions().orElse(List.of());
    progress = leftAt.isEmpty() ? Progress.none() : backlog.progress();
    backlog.close();
  }

  /**
   * Tells whether it is known of all that the client published at QoS 2 what became of it, or will
   * not be any more; to be asked after {@link #close}.
   */
  boolean isSettled() {
    return flow.isSettled() || System.nanoTime() - closedNanos > SETTLE_NANOS;
  }

  /** Where it stands, of one that is not settled: not where its gateway goes on to. */
  Optional<SessionNote> standing() {
    return leftAt.isEmpty()
        ? Optional.empty()
        : Optional.of(new SessionNote(key, epoch, State.BEHIND, leftAt));
  }

  /** Tells whether somebody waits to hear that its connection is over. */
  boolean isAwaited() {
    return will == WillFate.DUE;
  }

  /** What is to be told when its connection is over. */
  public SessionNote farewell() {
    if (expirySeconds == 0) {
      return ended(key, epoch).withWill(will);
    }
    return new SessionNote(
        key,
        epoch,
        State.LEFT,
        leftAt,
        otherExpiry ? expirySeconds : SessionNote.SAME_EXPIRY,
        new UnderWay(flow.received(), progress, owed).encode(),
        will);
  }

  /**
   * What is to be told instead if its connection was over before it could go on with what there
   * was: it stands where it stood.
   */
  public SessionNote unserved(SessionsReply.Attached attached) {
    return expirySeconds == 0
        ? ended(key, epoch).withWill(will)
        : left(key, epoch, attached).withWill(will);
  }

  /** Of a session whose client left before it was served: it stands where it stood. */
  public static SessionNote left(String key, long epoch, SessionsReply.Attached attached) {
    return new SessionNote(
        key, epoch, State.LEFT, List.of(), SessionNote.SAME_EXPIRY, attached.underWay());
  }

  /** Of a session that nothing is to be kept of. */
  public static SessionNote ended(String key, long epoch) {
    return new SessionNote(key, epoch, State.ENDED, List.of());
  }
}
