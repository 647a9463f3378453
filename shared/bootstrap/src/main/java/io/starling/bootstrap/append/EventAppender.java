package io.starling.bootstrap.append;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.RetainedRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  private final List<LogSender> senders = new ArrayList<>();
  private final LogSender retained;

  /**
   * An appender for the context of the caller.
   *
   * @param shards the number of shards of the region
   * @param budget how long a batch is tried before its events are {@link Outcome.Unavailable}
   */
  public EventAppender(Vertx vertx, Bus bus, ShardLeaders leaders, int shards, Duration budget) {
    for (int shard = 0; shard < shards; shard++) {
      senders.add(sender(vertx, leaders, new ToShard(bus, leaders, shard), budget));
    }
    retained = sender(vertx, leaders, new ToRetained(bus, leaders), budget);
  }

  private static LogSender sender(
      Vertx vertx, ShardLeaders leaders, LogSender.Way way, Duration budget) {
    return new LogSender(vertx, leaders, way, budget, MAX_WAITING_BYTES);
  }

  private record ToShard(Bus bus, ShardLeaders leaders, int shard) implements LogSender.Way {
    @Override
    public String log() {
      return ShardLeaders.logName(shard);
    }

    @Override
    public Optional<String> leader() {
      return leaders.find(shard);
    }

    @Override
    public Future<RelayReply.AppendReply> ask(String node, Buffer events, Duration limit) {
      return bus.ask(new RelayRequest.Append(node, shard, events), limit);
    }
  }

  private record ToRetained(Bus bus, ShardLeaders leaders) implements LogSender.Way {
    @Override
    public String log() {
      return "retained";
    }

    @Override
    public Optional<String> leader() {
      return leaders.findRetained();
    }

    @Override
    public Future<RelayReply.AppendReply> ask(String node, Buffer events, Duration limit) {
      return bus.ask(new RetainedRequest.Keep(node, events), limit);
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

    /**
     * The retained messages of their topics, on disk at a majority.
     *
     * @param full accounts that have as many as they may: their messages were <em>not</em> kept
     */
    record Kept(List<AccountId> full) implements Outcome {
      /** Tells whether a message is kept, or its topic's is gone if it is without data. */
      public boolean holds(Event event) {
        return event.data().length() == 0 || !full.contains(event.account());
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

  /**
   * Keeps an event as the retained message of its topic; without data, the topic has none from then
   * on. Completes as {@link #append} does, with {@link Outcome.Kept} for success. It reaches no
   * subscriber by this.
   */
  public Future<Outcome> retain(Event event) {
    return retained.append(event);
  }

  /** Bytes that wait or are under way, over all logs. */
  public long waitingBytes() {
    return retained.waitingBytes() + senders.stream().mapToLong(LogSender::waitingBytes).sum();
  }
}
