package io.starling.relay.directory;

import io.starling.contract.BusMessage;
import io.starling.contract.Change;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.FeedPosition;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.journal.JournalException;
import io.starling.journal.JournalLog;
import io.starling.journal.Leadership;
import io.starling.journal.LogConfig;
import io.starling.journal.ReadResult;
import io.starling.relay.shard.Commits;
import io.starling.relay.shard.Shard;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory log as the bus sees it: read from any replica, written by its leader. Belongs to
 * the relay's event loop.
 */
public final class DirectoryLog {
  /**
   * A node that was away for longer reads the state: that is less than the changes of hours. A
   * start reads the state and the changes since: after a large import the fewer the better.
   */
  private static final Duration MAX_RETENTION = Duration.ofMinutes(5);

  /** The log's name in the journal. */
  public static final String NAME = "directory";

  private final DirectoryState state;
  private final JournalLog log;
  private final Commits commits;

  private DirectoryLog(DirectoryState state, JournalLog log, Commits commits) {
    this.state = state;
    this.log = log;
    this.commits = commits;
  }

  /** The log's state and, once the journal is open, its service. */
  public static final class Opening {
    private final DirectoryState state = new DirectoryState();

    /** What the journal needs to host the log. */
    public LogConfig config() {
      return new LogConfig(NAME, () -> state, MAX_RETENTION);
    }

    /** The service over the opened log. */
    public DirectoryLog over(JournalLog log, Commits commits) {
      return new DirectoryLog(state, log, commits);
    }
  }

  /** Answers whatever is asked of the directory. */
  public Future<? extends BusMessage> answer(DirectoryRequest request) {
    return switch (request) {
      case DirectoryRequest.FeedAt _ -> Future.succeededFuture(feed());
      case DirectoryRequest.AwaitFeed await ->
          await(await, System.nanoTime() + await.waitMillis() * 1_000_000);
      case DirectoryRequest.ReadChanges read -> read(read);
      case DirectoryRequest.ReadSnapshot snapshot ->
          Future.succeededFuture(page(snapshot.after(), snapshot.maxRows()));
    };
  }

  /** Rows in the directory, deleted ones included for a while. */
  public int size() {
    return state.size();
  }

  /** How far the feed is in. */
  public FeedPosition feedAt() {
    return state.feed();
  }

  private DirectoryReply.Feed feed() {
    return new DirectoryReply.Feed(state.feed(), Shard.position(log.committedEnd()));
  }

  /** Takes changes in, if they follow what is there. */
  public Future<RelayReply.ChangesReply> append(RelayRequest.AppendChanges append) {
    if (!(log.leadership() instanceof Leadership.Leading)) {
      return Future.succeededFuture(new RelayReply.NotLeader(null));
    }
    boolean nothing = append.changes().isEmpty() && append.from().equals(append.to());
    if (nothing || !append.from().equals(state.feed())) {
      return Future.succeededFuture(new RelayReply.DirectoryAt(state.feed()));
    }
    return log.append(new ChangeBatch(append.from(), append.to(), append.changes()).encode())
        .<RelayReply.ChangesReply>map(position -> new RelayReply.DirectoryAt(state.feed()))
        .recover(
            cause ->
                cause instanceof JournalException
                    ? Future.succeededFuture(new RelayReply.NotLeader(null))
                    : Future.failedFuture(cause));
  }

  private Future<DirectoryReply.Feed> await(DirectoryRequest.AwaitFeed await, long deadline) {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (state.feed().includes(await.term(), await.transaction()) || left <= 0) {
      return Future.succeededFuture(feed());
    }
    return commits.next(left).compose(again -> await(await, deadline));
  }

  private Future<DirectoryReply.ReadReply> read(DirectoryRequest.ReadChanges read) {
    if (read.from().equals(JournalPosition.START) && state.size() > 0) {
      // Each row once is less than each of its changes that the log still has.
      return Future.succeededFuture(new DirectoryReply.SnapshotNeeded());
    }
    var from = Shard.position(read.from());
    Future<?> something =
        from.compareTo(log.committedEnd()) < 0
            ? Future.succeededFuture()
            : commits.next(read.waitMillis());
    return something
        .compose(ready -> log.read(from, read.maxBytes()))
        .map(this::changes)
        .recover(
            cause ->
                cause instanceof JournalException journal
                        && journal.kind() == JournalException.Kind.PURGED
                    ? Future.succeededFuture(new DirectoryReply.SnapshotNeeded())
                    : Future.failedFuture(cause));
  }

  private DirectoryReply.ReadReply changes(ReadResult read) {
    List<Change> changes = new ArrayList<>();
    read.records()
        .forEach(record -> changes.addAll(ChangeBatch.decode(record.payload()).changes()));
    return new DirectoryReply.Changes(
        changes, Shard.position(read.next()), log.leadership().isKnown());
  }

  private DirectoryReply.SnapshotPage page(String after, int maxRows) {
    // Before the rows, which change meanwhile: they may be of later, never of before.
    var position = Shard.position(log.committedEnd());
    var rows = state.page(after, maxRows);
    return new DirectoryReply.SnapshotPage(
        rows, position, rows.size() < maxRows ? null : DirectoryState.key(rows.getLast()));
  }
}
