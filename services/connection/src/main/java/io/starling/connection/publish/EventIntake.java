package io.starling.connection.publish;

import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.connection.publish.PublishMeters.Result;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of a gateway's events into the journal. All events of a batch share one outcome, so they
 * are kept together and told together: no callback per event. Belongs to one event loop.
 */
public final class EventIntake {
  /** What an event weighs besides its name and its data. */
  private static final int EVENT_BYTES = 64;

  /** Well below every keep alive, and below the patience of clients with a PINGREQ. */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long PAUSE_MILLIS = 20;

  private final Vertx vertx;
  private final EventAppender appender;
  private final Quotas quotas;
  private final PublishMeters meters;
  private final @Nullable Group[] open;

  /** An intake for one gateway. */
  public EventIntake(
      Vertx vertx, EventAppender appender, Quotas quotas, int shards, PublishMeters meters) {
    this.vertx = vertx;
    this.appender = appender;
    this.quotas = quotas;
    this.meters = meters;
    this.open = new Group[shards];
  }

  PublishMeters meters() {
    return meters;
  }

  /** Why an event of an account may not be appended now; null if it may, and is counted. */
  @Nullable Result refuses(AccountId account) {
    if (quotas.isFull()) {
      return Result.NODE_LIMIT;
    }
    return quotas.take(account, System.nanoTime()) ? null : Result.ACCOUNT_LIMIT;
  }

  /**
   * Waits until an event of an account may be appended, a few seconds at most.
   *
   * @return completes with why it may not even then, or with null if it may, and is counted
   */
  Future<@Nullable Result> room(AccountId account) {
    long now = System.nanoTime();
    long wait = quotas.reserve(account, now, MAX_WAIT_NANOS);
    return wait < 0
        ? Future.succeededFuture(Result.ACCOUNT_LIMIT)
        : vertx
            .timer(Math.max(1, wait), TimeUnit.NANOSECONDS)
            .compose(_ -> roomInNode(now + MAX_WAIT_NANOS));
  }

  private Future<@Nullable Result> roomInNode(long deadlineNanos) {
    if (!quotas.isFull()) {
      return Future.succeededFuture();
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      return Future.succeededFuture(Result.NODE_LIMIT);
    }
    long pause = ThreadLocalRandom.current().nextLong(PAUSE_MILLIS, 2 * PAUSE_MILLIS);
    return vertx.timer(pause).compose(_ -> roomInNode(deadlineNanos));
  }

  /** Appends an event at QoS 0: what becomes of it is only counted. */
  void append(int shard, Event event) {
    groupOf(shard, appender.append(shard, event)).addUnacknowledged(event);
  }

  /** Appends an event; the flow is told what became of it. */
  void append(int shard, Event event, PublishFlow flow, long ticket) {
    groupOf(shard, appender.append(shard, event)).add(event, flow, ticket);
  }

  /**
   * Appends something that the cloud has to say of a device, unless half of the node's room is
   * taken: the other half is for what clients publish. It counts against no account.
   *
   * @return completes with whether it is committed
   */
  public Future<Boolean> tell(int shard, Event event) {
    if (quotas.isHalfFull()) {
      return Future.succeededFuture(false);
    }
    int weight = weightOf(event);
    quotas.waiting(weight);
    return appender
        .append(shard, event)
        .map(
            outcome -> {
              quotas.waiting(-weight);
              return Settlement.of(outcome, event.eventClass().code()) == Result.COMMITTED;
            });
  }

  private static int weightOf(Event event) {
    return EVENT_BYTES
        + event.name().length()
        + event.data().length()
        + event.manner().properties().length();
  }

  /**
   * Keeps an event as the retained message of its topic, before it is appended: so whoever
   * subscribes too late to get it live finds it kept.
   *
   * @return completes with why it is not kept, or with null if it is
   */
  Future<@Nullable Result> retain(Event event) {
    return appender
        .retain(event)
        .map(
            outcome ->
                outcome instanceof Outcome.Kept kept && kept.holds(event)
                    ? null
                    : Settlement.of(outcome, event.eventClass().code()));
  }

  @SuppressWarnings("ReferenceEquality") // A future is what the events of a batch have in common.
  private Group groupOf(int shard, Future<Outcome> outcome) {
    var group = open[shard];
    if (group == null || group.outcome != outcome) {
      group = new Group(outcome, meters, quotas);
      open[shard] = group;
    }
    return group;
  }

  /** The events of one batch. */
  private static final class Group {
    private static final PublishFlow[] NO_FLOWS = {};

    private final Future<Outcome> outcome;
    private final PublishMeters meters;
    private final Quotas quotas;
    private final int[] unacknowledged = new int[3];
    private PublishFlow[] flows = new PublishFlow[8];
    private long[] tickets = new long[8];
    private byte[] classes = new byte[8];
    private int size;
    private long bytes;
    private boolean listening;

    Group(Future<Outcome> outcome, PublishMeters meters, Quotas quotas) {
      this.outcome = outcome;
      this.meters = meters;
      this.quotas = quotas;
    }

    void addUnacknowledged(Event event) {
      unacknowledged[event.eventClass().code()]++;
      weigh(event);
      listen();
    }

    void add(Event event, PublishFlow flow, long ticket) {
      if (size == flows.length) {
        flows = Arrays.copyOf(flows, 2 * size);
        tickets = Arrays.copyOf(tickets, 2 * size);
        classes = Arrays.copyOf(classes, 2 * size);
      }
      flows[size] = flow;
      tickets[size] = ticket;
      classes[size] = event.eventClass().code();
      size++;
      weigh(event);
      listen();
    }

    private void weigh(Event event) {
      int weight = weightOf(event);
      bytes += weight;
      quotas.waiting(weight);
    }

    /** After the first event is in: an outcome that is there already is told at once. */
    private void listen() {
      if (!listening) {
        listening = true;
        outcome.onSuccess(this::settle);
      }
    }

    private void settle(Outcome result) {
      quotas.waiting(-bytes);
      for (byte code = 0; code < unacknowledged.length; code++) {
        if (unacknowledged[code] > 0) {
          meters.count(0, Settlement.of(result, code), unacknowledged[code]);
        }
      }
      for (int i = 0; i < size; i++) {
        flows[i].settled(tickets[i], Settlement.of(result, classes[i]));
      }
      // A group is known until the next batch opens; its sessions may be gone by then.
      flows = NO_FLOWS;
    }
  }
}
