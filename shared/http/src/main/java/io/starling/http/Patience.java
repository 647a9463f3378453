package io.starling.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Waits for so long and no longer, and comes back on the context that made it. {@link
 * Future#timeout} does neither for a future without a context: what follows it would run on a
 * thread of Netty's.
 */
public final class Patience {
  private final Vertx vertx;
  private final Context context;

  /** For the context of the caller. */
  public Patience(Vertx vertx) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
  }

  /** The same outcome on the own context; a {@link TimeoutException} if there is none in time. */
  public <T> Future<T> await(Future<T> future, Duration limit) {
    Promise<T> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            limit.toMillis(),
            _ -> promise.tryFail(new TimeoutException("nothing within " + limit)));
    future.onComplete(
        outcome ->
            context.runOnContext(
                _ -> {
                  vertx.cancelTimer(timer);
                  if (outcome.succeeded()) {
                    promise.tryComplete(outcome.result());
                  } else {
                    promise.tryFail(outcome.cause());
                  }
                }));
    return promise.future();
  }
}
