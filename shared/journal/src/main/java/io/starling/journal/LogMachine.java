package io.starling.journal;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * One log's replicated state: cursors, the materialised state, and the tail for readers. Ratis
 * calls {@code apply}, {@code takeSnapshot} and {@code reinitialize} on one thread.
 */
final class LogMachine extends BaseStateMachine {
  /** What the machine tells; must not block. */
  interface Observer {
    void applied();

    void leading(long term);

    void following(@Nullable String leader);

    void broken(Throwable cause);
  }

  /** Each costs heap until it is released. */
  private static final int MAX_RELEASABLE = 10_000;

  private final LogState state;
  private final Tail tail;
  private final Duration retention;
  private final InstantSource clock;
  private final Observer observer;
  private final Snapshots snapshots = new Snapshots();
  private AgeIndex ages;

  /** Up to here the state came from a snapshot. */
  private long includedIndex = -1;

  /** The snapshot that is being written, or was and is not the newest yet. */
  private volatile @Nullable CompletableFuture<Snapshots.Written> writing;

  // of this process
  private long appliedBytes;
  private long appliedEntries;

  private volatile Map<String, Position> cursors = Map.of();

  // of the thread that submits
  private @Nullable TransactionContext started;

  LogMachine(
      LogState state, Tail tail, Duration retention, InstantSource clock, Observer observer) {
    this.state = state;
    this.tail = tail;
    this.retention = retention;
    this.clock = clock;
    this.observer = observer;
    this.ages = new AgeIndex(retention);
  }

  Map<String, Position> cursors() {
    return cursors;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    getLifeCycle()
        .startAndTransition(
            () -> {
              super.initialize(server, group, storage);
              snapshots.init(storage);
              restore();
            });
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    restore();
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
    observer.applied();
  }

  private void restore() throws IOException {
    Snapshots.Contents contents = snapshots.load(state);
    TermIndex label = snapshots.latest();
    ages = new AgeIndex(retention);
    if (contents == null || label == null) {
      return;
    }
    includedIndex = contents.lastIndex();
    cursors = contents.cursors();
    tail.reset(label.getIndex() + 1);
    setLastAppliedTermIndex(label);
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return snapshots.storage();
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    TransactionContext context = super.startTransaction(request);
    started = context;
    return context;
  }

  /** Whether the request that this thread submitted last has become an entry; forgets it. */
  boolean takeAppended() {
    TransactionContext context = started;
    started = null;
    return context != null && context.getLogEntry() != null;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext context) {
    LogEntryProto proto = context.getLogEntry();
    Entry entry = Entry.decode(proto.getStateMachineLogEntry().getLogData());
    long index = proto.getIndex();
    ages.add(index, entry.timeMillis());
    if (index > includedIndex) {
      applyCursors(entry.cursors());
      applyRecords(index, entry.payloads());
    }
    tail.add(index, entry.payloads());
    appliedBytes += proto.getStateMachineLogEntry().getLogData().size();
    appliedEntries++;
    var _ = updateLastAppliedTermIndex(proto.getTerm(), index);
    observer.applied();
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  private void applyCursors(List<CursorChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    Map<String, Position> changed = new HashMap<>(cursors);
    for (CursorChange change : changes) {
      Position after = change.after(changed.get(change.name()));
      if (after == null) {
        changed.remove(change.name());
      } else {
        changed.put(change.name(), after);
      }
    }
    cursors = Map.copyOf(changed);
  }

  private void applyRecords(long index, List<Buffer> payloads) {
    try {
      for (int offset = 0; offset < payloads.size(); offset++) {
        state.apply(new Position(index, offset), payloads.get(offset));
      }
    } catch (RuntimeException e) {
      observer.broken(e);
      throw e;
    }
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    super.notifyTermIndexUpdated(term, index);
    tail.add(index, List.of());
    observer.applied();
  }

  /**
   * Lets go of what every cursor has passed and what is older than the retention: the snapshot's
   * name is the last such index, its contents are of now. Not before about as much can go as the
   * state is long: a large state that changes a little would be written again and again.
   *
   * <p>What is applied must not wait while hundreds of megabytes are written. So this begins to
   * write, and the first call after {@link #writing} is done lets go.
   */
  @Override
  public long takeSnapshot() throws IOException {
    TermIndex latest = snapshots.latest();
    long kept = latest == null ? -1 : latest.getIndex();
    var current = writing;
    if (current == null) {
      begin(kept);
      return kept;
    }
    if (!current.isDone()) {
      return kept;
    }
    writing = null;
    if (current.isCompletedExceptionally()) {
      throw new IOException("the state was not written", current.exceptionNow());
    }
    var written = current.join();
    long index = written.label().getIndex();
    if (index <= kept) {
      Files.delete(written.file().toPath()); // meanwhile the leader sent a newer one
      return kept;
    }
    snapshots.publish(written);
    return index;
  }

  /** The snapshot that a later call will make the newest, once it is written. */
  @Nullable CompletableFuture<?> writing() {
    return writing;
  }

  private void begin(long kept) throws IOException {
    TermIndex applied = getLastAppliedTermIndex();
    long index = Math.min(releasable(), applied.getIndex());
    if (index <= kept) {
      return; // a name never goes back: cursors may
    }
    long entries = index - kept;
    if (entries < MAX_RELEASABLE
        && entries * appliedBytes < snapshots.latestBytes() * appliedEntries) {
      return;
    }
    TermIndex label = getServer().join().getDivision(getGroupId()).getRaftLog().getTermIndex(index);
    if (label == null) {
      return;
    }
    var contents = new Snapshots.Contents(Math.max(applied.getIndex(), includedIndex), cursors);
    var copy = state.copy();
    var thread = Thread.ofPlatform().daemon().name("snapshot-" + getGroupId());
    writing =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return snapshots.write(label, contents, copy);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            thread::start);
  }

  private long releasable() {
    long index = ages.lastNotAfter(clock.millis() - retention.toMillis());
    for (var cursor : cursors.entrySet()) {
      if (!cursor.getKey().startsWith(JournalLog.MARK)) {
        index = Math.min(index, cursor.getValue().index() - 1);
      }
    }
    return index;
  }

  @Override
  public void notifyLeaderReady() {
    try {
      observer.leading(getServer().join().getDivision(getGroupId()).getInfo().getCurrentTerm());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    observer.following(null);
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (!leader.equals(member.getPeerId())) {
      observer.following(leader.toString());
    }
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
    observer.broken(cause);
  }
}
