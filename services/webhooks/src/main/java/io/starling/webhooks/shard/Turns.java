package io.starling.webhooks.shard;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one turn after the other, with a pause between them that each turn chooses, until it is
 * stopped. Belongs to one event loop.
 */
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
  private static final long NOT_ASLEEP = -1;
  private static final long AFTER_MISTAKE_MILLIS = 1_000;

  private final Vertx vertx;
  private final Supplier<Future<Long>> turn;
  private final Promise<Void> ended = Promise.promise();
  private long timer = NOT_ASLEEP;
  private boolean started;
  private boolean stopped;

  /**
   * Turns that are not yet taken.
   *
   * @param turn one turn, which tells for how many milliseconds to pause then; expected failures
   *     are its own business
   */
  Turns(Vertx vertx, Supplier<Future<Long>> turn) {
    this.vertx = vertx;
    this.turn = turn;
  }

  void start() {
    started = true;
    take();
  }

  /** Ends a pause early. */
  void wake() {
    if (timer != NOT_ASLEEP && vertx.cancelTimer(timer)) {
      timer = NOT_ASLEEP;
      vertx.runOnContext(_ -> take());
    }
  }

  /** Takes no more turns; completes when the one at hand has ended. */
  Future<Void> stop() {
    stopped = true;
    if (!started || (timer != NOT_ASLEEP && vertx.cancelTimer(timer))) {
      ended.tryComplete();
    }
    return ended.future();
  }

  private void take() {
    timer = NOT_ASLEEP;
    if (stopped) {
      ended.tryComplete();
      return;
    }
    var _ =
        Future.succeededFuture()
            .compose(_ -> turn.get())
            .onSuccess(this::pause)
            .onFailure(
                cause -> {
                  LOG.error("A turn failed, which is a mistake in here; the next follows", cause);
                  pause(AFTER_MISTAKE_MILLIS);
                });
  }

  private void pause(long millis) {
    if (stopped) {
      ended.tryComplete();
    } else if (millis <= 0) {
      vertx.runOnContext(_ -> take());
    } else {
      timer = vertx.setTimer(millis, _ -> take());
    }
  }
}
