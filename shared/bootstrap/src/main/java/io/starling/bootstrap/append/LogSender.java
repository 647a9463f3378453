package io.starling.bootstrap.append;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.RelayReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Batches for one log: one under way, the rest waiting behind it. Belongs to one context. */
final class LogSender {
  private static final Logger LOG = LoggerFactory.getLogger(LogSender.class);

  /** Raft costs per entry and nearly nothing per event, up to here. */
  private static final int MAX_BATCH_BYTES = 1 << 20;

  /**
   * The least time between two batches that are not full. A commit takes a fraction of a
   * millisecond on a good disk, so without it a few thousand events a second would make as many
   * Raft entries, each a hundred times as dear as an event. Who comes alone never waits.
   */
  private static final long LEAST_GAP_NANOS = 2_000_000;

  private static final Duration ASK_LIMIT = Duration.ofSeconds(2);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LAST_PAUSE_MILLIS = 500;

  private final Vertx vertx;
  private final Way way;
  private final Duration budget;
  private final int maxWaitingBytes;

  private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private boolean underWay;
  private long lastSentNanos = System.nanoTime() - LEAST_GAP_NANOS;
  private @Nullable String leader;
  private @Nullable Promise<RelayReply.AppendReply> asked;

  LogSender(Vertx vertx, ShardLeaders leaders, Way way, Duration budget, int maxWaitingBytes) {
    this.vertx = vertx;
    this.way = way;
    this.budget = budget;
    this.maxWaitingBytes = maxWaitingBytes;
    var context = vertx.getOrCreateContext();
    leaders.onChange(() -> context.runOnContext(_ -> leadersChanged()));
  }

  /** The way to the log's leader. */
  interface Way {
    /** What the log is called. */
    String log();

    /** The node that leads it, as far as is known. */
    Optional<String> leader();

    /** Asks a node to append these events. */
    Future<RelayReply.AppendReply> ask(String node, Buffer events, Duration limit);
  }

  private static final class Batch {
    final Buffer bytes = Buffer.buffer(4096);
    final Promise<Outcome> outcome = Promise.promise();

    /** Counts from the first event: who waits behind a stuck batch does not wait longer for it. */
    final long deadlineNanos;

    Batch(long deadlineNanos) {
      this.deadlineNanos = deadlineNanos;
    }
  }

  Future<Outcome> append(Event event) {
    if (waitingBytes > maxWaitingBytes) {
      return Future.succeededFuture(new Outcome.Overloaded());
    }
    var batch = waiting.peekLast();
    int largest =
        event.data().length() + event.manner().properties().length() + Event.MAX_NAME_BYTES;
    if (batch == null || batch.bytes.length() + largest > MAX_BATCH_BYTES) {
      batch = new Batch(System.nanoTime() + budget.toNanos());
      waiting.add(batch);
    }
    int before = batch.bytes.length();
    EventBatch.write(batch.bytes, event);
    waitingBytes += batch.bytes.length() - before;
    if (!underWay) {
      underWay = true;
      sendWhenDue();
    }
    return batch.outcome.future();
  }

  private void sendWhenDue() {
    long left = lastSentNanos + LEAST_GAP_NANOS - System.nanoTime();
    if (left > 0 && waiting.size() == 1) {
      vertx.timer(left, NANOSECONDS).onSuccess(due -> sendNext());
    } else {
      // At the end of this turn of the event loop: what was read together goes together.
      vertx.runOnContext(turn -> sendNext());
    }
  }

  int waitingBytes() {
    return waitingBytes;
  }

  private void sendNext() {
    var batch = waiting.remove();
    lastSentNanos = System.nanoTime();
    send(batch.bytes, batch.deadlineNanos, FIRST_PAUSE_MILLIS)
        .otherwise(cause -> new Outcome.Unavailable(String.valueOf(cause.getMessage())))
        .onSuccess(
            outcome -> {
              waitingBytes -= batch.bytes.length();
              var behind =
                  outcome instanceof Outcome.Unavailable ? giveUpWaiting() : List.<Batch>of();
              underWay = !waiting.isEmpty();
              if (underWay) {
                sendWhenDue();
              }
              batch.outcome.complete(outcome);
              behind.forEach(waited -> waited.outcome.complete(outcome));
            });
  }

  /**
   * Behind a batch that is given up nothing goes either: what a session sent later would overtake
   * what it sends again.
   */
  private List<Batch> giveUpWaiting() {
    var behind = List.copyOf(waiting);
    waiting.clear();
    behind.forEach(batch -> waitingBytes -= batch.bytes.length());
    return behind;
  }

  private Future<Outcome> send(Buffer bytes, long deadline, long pauseMillis) {
    var left = Duration.ofNanos(deadline - System.nanoTime());
    if (!left.isPositive()) {
      return Future.succeededFuture(new Outcome.Unavailable("waited too long"));
    }
    var limit = left.compareTo(ASK_LIMIT) < 0 ? left : ASK_LIMIT;
    return ask(bytes, limit)
        .compose(
            reply ->
                switch (reply) {
                  case RelayReply.Appended appended ->
                      Future.succeededFuture(new Outcome.Committed(appended.least()));
                  case RelayReply.Kept kept ->
                      Future.succeededFuture(new Outcome.Kept(kept.full()));
                  case RelayReply.Full full -> Future.succeededFuture(new Outcome.Overloaded());
                  case RelayReply.NotLeader elsewhere ->
                      again(bytes, deadline, pauseMillis, elsewhere.leader(), "no leader");
                  case RelayReply.Overloaded overloaded ->
                      again(bytes, deadline, pauseMillis, leader, "relay overloaded");
                  case RelayReply.Unknown unknown ->
                      again(bytes, deadline, pauseMillis, null, unknown.cause());
                });
  }

  /** The same bytes once more: the ids in them make a repetition harmless. */
  private Future<Outcome> again(
      Buffer bytes, long deadline, long pauseMillis, @Nullable String newLeader, String cause) {
    leader = newLeader;
    long pause = ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1);
    if (System.nanoTime() + pause * 1_000_000 > deadline) {
      LOG.warn("The log {} could not be reached: {}", way.log(), cause);
      return Future.succeededFuture(new Outcome.Unavailable(cause));
    }
    return vertx
        .timer(pause)
        .compose(fired -> send(bytes, deadline, Math.min(2 * pauseMillis, LAST_PAUSE_MILLIS)));
  }

  private Future<RelayReply.AppendReply> ask(Buffer bytes, Duration limit) {
    String node = leader == null ? way.leader().orElse(null) : leader;
    if (node == null) {
      return Future.succeededFuture(new RelayReply.NotLeader(null));
    }
    leader = node;
    Promise<RelayReply.AppendReply> answer = Promise.promise();
    asked = answer;
    var _ =
        way.ask(node, bytes, limit)
            .otherwise(cause -> new RelayReply.Unknown(String.valueOf(cause.getMessage())))
            .onSuccess(answer::tryComplete);
    return answer.future();
  }

  /**
   * Who asked a leader that is dead or frozen does not wait for its answer once there is another.
   */
  private void leadersChanged() {
    String now = way.leader().orElse(null);
    if (now != null && asked != null && !now.equals(leader)) {
      asked.tryComplete(new RelayReply.NotLeader(now));
    }
  }
}
