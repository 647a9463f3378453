package io.starling.bootstrap.append;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.Event;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of events from where they enter to the leaders of their shards. Whatever arrives for a
 * shard while a batch is under way goes into the next one, so batches grow with the load and
 * nothing waits for a timer. One batch is under way per shard, and a batch that failed is sent
 * again before anything behind it: the order of a shard is the order of {@link #append}.
 *
 * <p>Belongs to one context: called, and completing its futures, on the event loop that made it.
 */
public final class EventAppender {
  /** How much may wait for one shard before {@link Outcome.Overloaded}. */
  private static final int MAX_WAITING_BYTES = 8 << 20;

  private final List<ShardSender> senders = new ArrayList<>();

  /**
   * An appender for the context of the caller.
   *
   * @param shards the number of shards of the region
   * @param budget how long a batch is tried before its events are {@link Outcome.Unavailable}
   */
  public EventAppender(Vertx vertx, Bus bus, ShardLeaders leaders, int shards, Duration budget) {
    for (int shard = 0; shard < shards; shard++) {
      senders.add(new ShardSender(vertx, bus, leaders, shard, budget, MAX_WAITING_BYTES));
    }
  }

  /** What became of the events of one batch. */
  public sealed interface Outcome {

    /**
     * On disk at a majority.
     *
     * @param least events of a class less important than this are <em>not</em> there: the disk
     *     fills up
     */
    record Committed(io.starling.contract.EventClass least) implements Outcome {
      /** Tells whether an event of this class is in the journal. */
      public boolean holds(io.starling.contract.EventClass eventClass) {
        return eventClass.compareTo(least) <= 0;
      }
    }

    /** Not taken, and not sent: the disk is full, or too much waits already. */
    record Overloaded() implements Outcome {}

    /**
     * The shard's leader could not be reached in time: the events may or may not be in the journal.
     */
    record Unavailable(String cause) implements Outcome {}
  }

  /**
   * Appends an event to a shard. The future is shared by all events of a batch and completes in the
   * order of the batches.
   *
   * @param shard from {@link io.starling.contract.Shards}
   */
  public Future<Outcome> append(int shard, Event event) {
    return senders.get(shard).append(event);
  }

  /** Bytes that wait or are under way, over all shards. */
  public long waitingBytes() {
    return senders.stream().mapToLong(ShardSender::waitingBytes).sum();
  }
}
