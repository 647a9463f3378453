package io.starling.relay.shard;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** Those who wait until a log has something new. Belongs to the relay's event loop. */
public final class Commits {
  private final Vertx vertx;
  private final List<Runnable> always = new ArrayList<>();
  private List<Promise<Void>> waiting = new ArrayList<>();

  /** Nobody waits yet. */
  public Commits(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Completes at the next commit, or when the time is over. */
  public Future<Void> next(long waitMillis) {
    if (waitMillis <= 0) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    long timer = vertx.setTimer(waitMillis, fired -> expire(promise));
    return promise.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void expire(Promise<Void> promise) {
    waiting.remove(promise);
    promise.tryComplete();
  }

  /** Is told of every commit. */
  public void each(Runnable listener) {
    always.add(listener);
  }

  /** Something was committed. */
  public void happened() {
    always.forEach(Runnable::run);
    if (!waiting.isEmpty()) {
      var woken = waiting;
      waiting = new ArrayList<>();
      woken.forEach(Promise::tryComplete);
    }
  }
}
