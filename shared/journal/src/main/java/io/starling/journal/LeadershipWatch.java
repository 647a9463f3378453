package io.starling.journal;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who leads a log, and whom to tell. Each listener is told on its own context, in order, each
 * change once.
 */
final class LeadershipWatch {
  private record Listener(Context context, Consumer<Leadership> consumer) {
    void tell(Leadership leadership) {
      context.runOnContext(_ -> consumer.accept(leadership));
    }
  }

  private final List<Listener> listeners = new ArrayList<>();
  private final CompletableFuture<Leadership> settled = new CompletableFuture<>();
  private volatile Leadership current = new Leadership.Following(null);

  Leadership current() {
    return current;
  }

  /** Completes when a leader is known for the first time. */
  CompletableFuture<Leadership> settled() {
    return settled;
  }

  /** The listener is told the present state at once. */
  synchronized void add(Context context, Consumer<Leadership> consumer) {
    Listener listener = new Listener(context, consumer);
    listeners.add(listener);
    listener.tell(current);
  }

  /** Asks under the lock, so that an answer cannot overtake a later change. */
  synchronized void refresh(Supplier<Leadership> ask) {
    update(ask.get());
  }

  synchronized void update(Leadership leadership) {
    if (leadership.equals(current)) {
      return;
    }
    current = leadership;
    listeners.forEach(listener -> listener.tell(leadership));
    if (leadership.isKnown()) {
      var _ = settled.complete(leadership);
    }
  }
}
