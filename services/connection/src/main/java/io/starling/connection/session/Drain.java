package io.starling.connection.session;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends the clients of a gateway away, spread evenly over a time, each once what it published is
 * acknowledged or a second has passed. Belongs to one event loop; only {@link #total} and {@link
 * #left} may be asked from elsewhere.
 */
final class Drain {
  private static final long LOOK_MILLIS = 20;
  private static final long GRACE_NANOS = 1_000_000_000;

  private final Vertx vertx;
  private final long startNanos = System.nanoTime();
  private final long overNanos;
  private final @Nullable String serverReference;
  private final Promise<Drained> done = Promise.promise();
  private final Deque<Due> staying = new ArrayDeque<>();
  private final List<Due> leaving = new ArrayList<>();
  private final int total;
  private volatile int left;

  /** A client, and when it is its turn, or at the latest. */
  private record Due(Session session, long nanos) {}

  /**
   * A drain that has not begun.
   *
   * @param over in which time everybody has to be gone
   * @param serverReference what MQTT 5 clients are told, null if not known
   */
  Drain(Vertx vertx, List<Session> sessions, Duration over, @Nullable String serverReference) {
    this.vertx = vertx;
    this.overNanos = over.toNanos();
    this.serverReference = serverReference;
    this.total = sessions.size();
    this.left = total;
    // The last ones need time to leave.
    double spread = Math.max(overNanos - GRACE_NANOS, overNanos / 2);
    var inAnyOrder = new ArrayList<>(sessions);
    Collections.shuffle(inAnyOrder);
    for (int i = 0; i < total; i++) {
      double share = (i + ThreadLocalRandom.current().nextDouble()) / total;
      staying.add(new Due(inAnyOrder.get(i), startNanos + (long) (share * spread)));
    }
  }

  /** Begins; completes when all are gone, or when the time is over. */
  Future<Drained> run() {
    look();
    return done.future();
  }

  private void look() {
    long now = System.nanoTime();
    while (!staying.isEmpty() && staying.getFirst().nanos() - now <= 0) {
      leaving.add(new Due(staying.removeFirst().session(), now + GRACE_NANOS));
    }
    leaving.removeIf(due -> hasLeft(due, now));
    left = leaving.size() + (int) staying.stream().filter(due -> !due.session().isOver()).count();
    if (left == 0 || now - startNanos >= overNanos) {
      end();
    } else if (!done.future().isComplete()) {
      var _ = vertx.setTimer(LOOK_MILLIS, _ -> look());
    }
  }

  private boolean hasLeft(Due due, long now) {
    if (!due.session().isOver() && (due.session().mayLeave() || due.nanos() - now <= 0)) {
      due.session().sendAway(serverReference);
    }
    return due.session().isOver();
  }

  /** What is not gone by now is left to others. */
  void end() {
    var _ = done.tryComplete(new Drained(total, left));
  }

  Future<Drained> done() {
    return done.future();
  }

  int total() {
    return total;
  }

  int left() {
    return left;
  }
}
