package io.starling.connection.publish;

import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.append.EventAppender.Outcome;
import io.starling.contract.Event;
import io.vertx.core.Future;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The way of a gateway's events into the journal. All events of a batch share one outcome, so they
 * are kept together and told together: no callback per event. Belongs to one event loop.
 */
public final class EventIntake {
  private final EventAppender appender;
  private final PublishMeters meters;
  private final @Nullable Group[] open;

  /** An intake for one gateway. */
  public EventIntake(EventAppender appender, int shards, PublishMeters meters) {
    this.appender = appender;
    this.meters = meters;
    this.open = new Group[shards];
  }

  PublishMeters meters() {
    return meters;
  }

  /** Appends an event at QoS 0: what becomes of it is only counted. */
  void append(int shard, Event event) {
    groupOf(shard, appender.append(shard, event)).addUnacknowledged(event);
  }

  /** Appends an event; the flow is told what became of it. */
  void append(int shard, Event event, PublishFlow flow, long ticket) {
    groupOf(shard, appender.append(shard, event)).add(event, flow, ticket);
  }

  @SuppressWarnings("ReferenceEquality") // A future is what the events of a batch have in common.
  private Group groupOf(int shard, Future<Outcome> outcome) {
    var group = open[shard];
    if (group == null || group.outcome != outcome) {
      group = new Group(outcome, meters);
      open[shard] = group;
    }
    return group;
  }

  /** The events of one batch. */
  private static final class Group {
    private static final PublishFlow[] NO_FLOWS = {};

    private final Future<Outcome> outcome;
    private final PublishMeters meters;
    private final int[] unacknowledged = new int[3];
    private PublishFlow[] flows = new PublishFlow[8];
    private long[] tickets = new long[8];
    private byte[] classes = new byte[8];
    private int size;
    private boolean listening;

    Group(Future<Outcome> outcome, PublishMeters meters) {
      this.outcome = outcome;
      this.meters = meters;
    }

    void addUnacknowledged(Event event) {
      unacknowledged[event.eventClass().code()]++;
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
      listen();
    }

    /** After the first event is in: an outcome that is there already is told at once. */
    private void listen() {
      if (!listening) {
        listening = true;
        outcome.onSuccess(this::settle);
      }
    }

    private void settle(Outcome result) {
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
