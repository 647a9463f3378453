package io.starling.connection.publish;

import io.starling.connection.publish.PublishMeters.Result;
import io.starling.contract.Event;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a session publishes with RETAIN is kept first and appended then; what comes behind it waits,
 * so that the order of the session stays. Belongs to one event loop. Bounded: what is to be
 * acknowledged by the limits of the flow, QoS 0 by a number of its own.
 */
final class RetainedFirst {
  private static final int MAX_WAITING = 1_000;

  private final EventIntake intake;
  private final PublishFlow flow;
  private @Nullable ArrayDeque<Waiting> waiting;

  /** An event, and what keeps it from being appended. */
  private record Waiting(Event event, long ticket, Future<@Nullable Result> refused) {}

  RetainedFirst(EventIntake intake, PublishFlow flow) {
    this.intake = intake;
    this.flow = flow;
  }

  /** Tells whether nothing waits. */
  boolean isEmpty() {
    return waiting == null;
  }

  /** Keeps an event if that is wanted, and appends it behind those that came before. */
  void add(Event event, long ticket) {
    var queue = waiting == null ? new ArrayDeque<Waiting>() : waiting;
    waiting = queue;
    if (ticket < 0 && queue.size() >= MAX_WAITING) {
      flow.drop(ticket, Result.OVERLOADED);
      return;
    }
    Future<@Nullable Result> refused =
        event.manner().retain() ? intake.retain(event) : Future.succeededFuture();
    queue.add(new Waiting(event, ticket, refused));
    refused.onComplete(_ -> appendReady());
  }

  private void appendReady() {
    while (waiting != null && !waiting.isEmpty() && waiting.peek().refused().isComplete()) {
      var next = waiting.remove();
      var why = next.refused().failed() ? Result.UNAVAILABLE : next.refused().result();
      if (why == null) {
        flow.append(next.event(), next.ticket());
      } else {
        flow.drop(next.ticket(), why);
      }
    }
    if (waiting != null && waiting.isEmpty()) {
      waiting = null;
    }
  }
}
