package io.starling.journal;

import io.starling.journal.JournalException.Kind;
import io.starling.journal.WaitingAppends.Append;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Natural group commit: at most two entries of a log are in flight, and whatever arrives meanwhile
 * goes into the next one. Raft costs per entry and nearly nothing per byte.
 *
 * <p>Appending is thread-safe; one thread of its own hands entries to Raft, in order, because that
 * call may block. Futures complete on the context that was given. Cursor changes ride along in the
 * next entry, at most once a second.
 */
final class Batcher {
  private static final int MAX_IN_FLIGHT = 2;

  /** Where entries go. The order of calls is the order in the log. */
  interface Raft {
    /**
     * Completes with the entry's index, or fails with a JournalException; anything else means
     * unknown.
     */
    CompletableFuture<Long> submit(ByteString entry);
  }

  /** Limits, all per log. */
  record Limits(int maxBytesPerEntry, long maxPendingBytes, Duration deadline) {}

  private final String name;
  private final Limits limits;
  private final Raft raft;
  private final InstantSource clock;
  private final JournalMeters.OfLog meters;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition idle = lock.newCondition();

  // guarded by the lock
  private final WaitingAppends waiting;
  private final CursorWrites cursors = new CursorWrites();
  private final List<Batch> inFlight = new ArrayList<>(MAX_IN_FLIGHT);
  private long pendingBytes;
  private long lastSentNanos = System.nanoTime();
  private long windowNanos;
  private boolean closed;

  Batcher(String name, Limits limits, Raft raft, InstantSource clock, JournalMeters.OfLog meters) {
    this.name = name;
    this.limits = limits;
    this.raft = raft;
    this.clock = clock;
    this.meters = meters;
    this.waiting = new WaitingAppends(limits.maxBytesPerEntry);
    this.thread = Thread.ofPlatform().daemon().name("journal-append-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Sets the least time between two entries. */
  void window(long nanos) {
    lock.lock();
    try {
      windowNanos = nanos;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Payload bytes that wait or are in flight. */
  long pendingBytes() {
    lock.lock();
    try {
      return pendingBytes;
    } finally {
      lock.unlock();
    }
  }

  Future<Position> append(ContextInternal context, Buffer payload) {
    int length = payload.length();
    if (length > limits.maxBytesPerEntry) {
      return refuse(context, Kind.TOO_LARGE, length + " bytes, at most " + limits.maxBytesPerEntry);
    }
    lock.lock();
    try {
      if (closed) {
        return refuse(context, Kind.CLOSED, "the journal is closed");
      }
      if (pendingBytes + length > limits.maxPendingBytes) {
        return refuse(context, Kind.OVERLOADED, pendingBytes + " bytes are not committed yet");
      }
      Promise<Position> promise = context.promise();
      waiting.add(new Append(payload, promise, System.nanoTime()));
      pendingBytes += length;
      changed.signal();
      return promise.future();
    } finally {
      lock.unlock();
    }
  }

  Future<Void> change(ContextInternal context, CursorChange change) {
    lock.lock();
    try {
      if (closed) {
        return refuse(context, Kind.CLOSED, "the journal is closed");
      }
      if (!cursors.admits(change.name())) {
        return refuse(context, Kind.OVERLOADED, "too many cursor changes are waiting");
      }
      changed.signal();
      return cursors.add(context, change);
    } finally {
      lock.unlock();
    }
  }

  private <T> Future<T> refuse(ContextInternal context, Kind kind, String why) {
    return context.failedFuture(JournalException.of(kind, name + ": " + why));
  }

  private void run() {
    Batch batch = next();
    while (batch != null) {
      send(batch);
      batch = next();
    }
  }

  /** Waits for something to send; null when closed and the last cursors are sent. */
  private @Nullable Batch next() {
    lock.lock();
    try {
      while (true) {
        long now = System.nanoTime();
        if (closed) {
          return cursors.isEmpty() ? null : take(now);
        }
        long delay = delayNanos(now);
        if (delay <= 0) {
          return take(now);
        }
        var _ = changed.awaitNanos(delay); // looks again in any case
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return null;
  }

  private long delayNanos(long now) {
    if (inFlight.size() >= MAX_IN_FLIGHT) {
      return Long.MAX_VALUE;
    }
    if (waiting.fillsAnEntry()) {
      return 0;
    }
    long records = waiting.isEmpty() ? Long.MAX_VALUE : lastSentNanos + windowNanos - now;
    return Math.min(records, cursors.delayNanos(now));
  }

  private Batch take(long now) {
    var changes = closed ? cursors.takeAll() : cursors.take(now);
    Batch batch = new Batch(waiting.takeEntry(), changes, now);
    lastSentNanos = now;
    inFlight.add(batch);
    return batch;
  }

  private void send(Batch batch) {
    CompletableFuture<Long> sent;
    try {
      sent = raft.submit(batch.encode(clock.millis()));
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    }
    var _ = sent.whenComplete((index, failure) -> finish(batch, index, failure));
  }

  private void finish(Batch batch, @Nullable Long index, @Nullable Throwable failure) {
    lock.lock();
    try {
      inFlight.remove(batch);
      pendingBytes -= batch.bytes();
      changed.signal();
      idle.signalAll();
    } finally {
      lock.unlock();
    }
    if (index == null) {
      batch.fail(failure instanceof JournalException known ? known : unknown(failure));
    } else {
      batch.committed(index, meters);
    }
  }

  private JournalException unknown(@Nullable Throwable cause) {
    String message = name + ": may or may not be stored";
    return cause == null
        ? JournalException.of(Kind.UNKNOWN, message)
        : JournalException.of(Kind.UNKNOWN, message + ": " + cause, cause);
  }

  /**
   * Fails what is older than the deadline. What is in flight keeps its place: Raft may still commit
   * it.
   */
  void expire(long now) {
    long latest = now - limits.deadline.toNanos();
    Batch late;
    List<Batch> unheard;
    lock.lock();
    try {
      unheard = inFlight.stream().filter(batch -> batch.isOlder(latest)).toList();
      late = new Batch(waiting.takeOlder(latest), List.of(), 0);
      pendingBytes -= late.bytes();
    } finally {
      lock.unlock();
    }
    unheard.forEach(batch -> batch.fail(unknown(null)));
    JournalException overloaded =
        JournalException.of(Kind.OVERLOADED, name + ": waited longer than " + limits.deadline);
    late.fail(overloaded);
  }

  /**
   * Takes no more, and fails the appends that were not handed to Raft yet. Cursor changes that wait
   * go out in a last entry: what was delivered before an orderly stop is not delivered again.
   */
  void close() {
    Batch refused;
    lock.lock();
    try {
      closed = true;
      refused = new Batch(waiting.takeAll(), List.of(), 0);
      pendingBytes -= refused.bytes();
      changed.signal();
    } finally {
      lock.unlock();
    }
    refused.fail(JournalException.of(Kind.CLOSED, name + ": the journal is closed"));
  }

  /** After {@link #close}: waits until all that was taken is through, or the time is up. */
  void drain(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while ((!inFlight.isEmpty() || !cursors.isEmpty()) && left > 0) {
        left = idle.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Fails what is in flight: nobody will tell any more. */
  void abandon() {
    List<Batch> unheard;
    lock.lock();
    try {
      unheard = new ArrayList<>(inFlight);
      unheard.add(new Batch(List.of(), cursors.takeAll(), 0));
    } finally {
      lock.unlock();
    }
    unheard.forEach(batch -> batch.fail(unknown(null)));
  }
}
