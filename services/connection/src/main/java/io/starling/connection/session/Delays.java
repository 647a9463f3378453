package io.starling.connection.session;

import io.starling.connection.guard.Guard;
import io.starling.connection.guard.GuardMeters.Slowed;
import io.starling.connection.mqtt.Link;
import io.vertx.core.Vertx;

/**
 * CONNECTs that are answered later because of what came before them, as far as the room for that
 * goes. Belongs to one event loop.
 */
final class Delays {
  private static final int MOST = 10_000;

  private final Vertx vertx;
  private final Guard guard;
  private int waiting;

  Delays(Vertx vertx, Guard guard) {
    this.vertx = vertx;
    this.guard = guard;
  }

  /** One that waits, and may go away meanwhile. */
  private static final class Waiting {
    private boolean gone;
  }

  /**
   * Holds a link and does something later, unless the client has gone away by then.
   *
   * @return false, and nothing is done, if too many wait already
   */
  boolean later(Link link, long millis, Slowed why, Runnable then) {
    if (waiting >= MOST) {
      return false;
    }
    waiting++;
    guard.meters().count(why);
    var one = new Waiting();
    link.hold().onSuccess(_ -> one.gone = true);
    var _ =
        vertx.setTimer(
            Math.max(1, millis),
            _ -> {
              waiting--;
              if (!one.gone) {
                then.run();
              }
            });
    return true;
  }
}
