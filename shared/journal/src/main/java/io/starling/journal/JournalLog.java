package io.starling.journal;

import io.starling.journal.JournalException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One named, replicated, append-only log. All methods are thread-safe and never block; futures
 * complete on the Vert.x context of the caller and fail with {@link JournalException} only.
 *
 * <p>Payload buffers belong to the journal from {@link #append} on: the caller must not write to
 * them again. Appends of one caller stand in the log in the order of the calls.
 */
public final class JournalLog {
  private static final int MAX_COLD_READS = 64;

  /**
   * A cursor whose name begins so is a note on all replicas, and keeps nothing from being purged.
   */
  public static final String MARK = "#";

  private final String name;
  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final DiskGuard disk;
  private final Pacing pacing;
  private final Tail tail;
  private final LogMachine machine;
  private final LeadershipWatch leadership;
  private final List<CommitListener> commitListeners;
  private final Replica replica;
  private final Batcher batcher;
  private final AtomicInteger coldReads = new AtomicInteger();
  private volatile boolean exhausted;

  JournalLog(
      HostedLog hosted,
      Vertx vertx,
      WorkerExecutor workers,
      DiskGuard disk,
      Pacing pacing,
      Replica replica,
      Batcher batcher) {
    this.name = hosted.name();
    this.vertx = vertx;
    this.workers = workers;
    this.disk = disk;
    this.pacing = pacing;
    this.tail = hosted.tail();
    this.machine = hosted.machine();
    this.leadership = hosted.leadership();
    this.commitListeners = hosted.commitListeners();
    this.replica = replica;
    this.batcher = batcher;
  }

  public String name() {
    return name;
  }

  /**
   * Appends one record. Succeeds once it is fsynced on a majority of the replicas. Fails with
   * NOT_LEADER, FULL, OVERLOADED, TOO_LARGE or CLOSED if it was not stored, with UNKNOWN if that
   * cannot be told.
   */
  public Future<Position> append(Buffer payload) {
    ContextInternal context = context();
    if (leadership.current() instanceof Leadership.Following(String leader)) {
      return context.failedFuture(JournalException.notLeader(name, leader));
    }
    if (disk.stopped()) {
      return full(context, "less than the least free space is left");
    }
    if (exhausted) {
      return full(context, "more entries are retained than the heap can carry");
    }
    Future<Position> appended = batcher.append(context, payload);
    if (!appended.failed()) {
      disk.wrote(payload.length());
    }
    return appended;
  }

  private Future<Position> full(ContextInternal context, String why) {
    return context.failedFuture(JournalException.of(Kind.FULL, name + ": " + why));
  }

  /**
   * Reads committed records at or after a position, on any replica: at least one if there is any,
   * and no more than the given payload bytes after the first. Near the end of the log it answers at
   * once from memory, else from disk on a worker. Fails with PURGED below {@link #start()};
   * OVERLOADED with more than 64 reads from disk.
   */
  public Future<ReadResult> read(Position from, int maxBytes) {
    ReadResult hot = tail.read(from, maxBytes);
    if (hot != null) {
      return context().succeededFuture(hot);
    }
    if (coldReads.incrementAndGet() > MAX_COLD_READS) {
      coldReads.decrementAndGet();
      return context()
          .failedFuture(JournalException.of(Kind.OVERLOADED, name + ": too many reads from disk"));
    }
    return workers
        .executeBlocking(() -> replica.read(from, maxBytes, tail.end()), false)
        .onComplete(_ -> coldReads.decrementAndGet());
  }

  /** The position behind the last committed record. */
  public Position committedEnd() {
    return new Position(tail.end(), 0);
  }

  /** The first position that can be read. */
  public Position start() {
    return new Position(replica.startIndex(tail.end()), 0);
  }

  /**
   * Notes that everything before this position is done with. Never goes back, until removed. While
   * it exists, nothing behind it is purged. Written at most once a second per log; the future
   * succeeds once it stands. Fails like {@link #append}.
   */
  public Future<Void> commitCursor(String cursor, Position position) {
    return change(CursorChange.commit(cursor, position));
  }

  /** Forgets a cursor, so that it holds nothing back. Succeeds if there is none. */
  public Future<Void> removeCursor(String cursor) {
    return change(CursorChange.remove(cursor));
  }

  private Future<Void> change(CursorChange change) {
    ContextInternal context = context();
    if (leadership.current() instanceof Leadership.Following(String leader)) {
      return context.failedFuture(JournalException.notLeader(name, leader));
    }
    return batcher.change(context, change);
  }

  /** All cursors, as this replica knows them. */
  public Map<String, Position> cursors() {
    return machine.cursors();
  }

  /**
   * Calls the listener on the caller's context after entries were applied; once, if several were.
   */
  public void onCommitted(Runnable listener) {
    commitListeners.add(new CommitListener(context(), listener));
  }

  /** Calls the listener on the caller's context: now, and with every change. */
  public void onLeadership(Consumer<Leadership> listener) {
    leadership.add(context(), listener);
  }

  public Leadership leadership() {
    return leadership.current();
  }

  private ContextInternal context() {
    return (ContextInternal) vertx.getOrCreateContext();
  }

  /** Adapts to how full the log is and fails what has waited too long. False if Ratis gave up. */
  boolean tick() {
    if (replica.failed()) {
      return false;
    }
    leadership.refresh(replica::leadership);
    long retained = replica.retained();
    batcher.window(pacing.windowNanos(retained));
    exhausted = pacing.exhausted(retained);
    batcher.expire(System.nanoTime());
    return true;
  }

  /** Lets go of what is neither young nor behind a cursor; completes with the snapshot's index. */
  CompletableFuture<Long> release() {
    return replica.snapshot();
  }

  long pendingBytes() {
    return batcher.pendingBytes();
  }

  long retained() {
    return replica.retained();
  }

  CompletableFuture<Leadership> settled() {
    return leadership.settled();
  }

  /** Takes no more, and fails what is not in flight. */
  void close() {
    batcher.close();
  }

  /** Waits a while for what is in flight. */
  void drain(long nanos) throws InterruptedException {
    batcher.drain(nanos);
  }

  /** After Ratis has stopped. */
  void closed() {
    batcher.abandon();
    leadership.update(new Leadership.Following(null));
  }
}
