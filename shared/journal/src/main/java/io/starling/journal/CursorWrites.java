package io.starling.journal;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Cursor changes that wait for the next entry: merged by name, at most once a second. Guarded by
 * the batcher's lock.
 */
final class CursorWrites {
  private static final int MAX_WAITING = 1024;
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A merged change and everyone who waits for it. */
  record CursorWrite(CursorChange change, List<Promise<Void>> promises) {}

  private final Map<String, CursorWrite> waiting = new LinkedHashMap<>();
  private long lastTakenNanos = System.nanoTime() - INTERVAL_NANOS;

  /** Whether one more of this name is within the bounds. */
  boolean admits(String name) {
    CursorWrite earlier = waiting.get(name);
    return earlier == null ? waiting.size() < MAX_WAITING : earlier.promises.size() < MAX_WAITING;
  }

  Future<Void> add(ContextInternal context, CursorChange change) {
    Promise<Void> promise = context.promise();
    CursorWrite earlier = waiting.get(change.name());
    List<Promise<Void>> promises = earlier == null ? new ArrayList<>() : earlier.promises;
    promises.add(promise);
    CursorChange merged = earlier == null ? change : earlier.change.then(change);
    waiting.put(change.name(), new CursorWrite(merged, promises));
    return promise.future();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Until some are due; not positive: now. */
  long delayNanos(long now) {
    return waiting.isEmpty() ? Long.MAX_VALUE : lastTakenNanos + INTERVAL_NANOS - now;
  }

  /** What is due. */
  List<CursorWrite> take(long now) {
    if (delayNanos(now) > 0) {
      return List.of();
    }
    lastTakenNanos = now;
    return takeAll();
  }

  List<CursorWrite> takeAll() {
    List<CursorWrite> taken = List.copyOf(waiting.values());
    waiting.clear();
    return taken;
  }
}
