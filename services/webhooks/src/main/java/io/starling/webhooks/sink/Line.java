package io.starling.webhooks.sink;

import io.starling.webhooks.request.Broker;
import io.vertx.core.Future;

/** A connection to a broker, or the way to one. Belongs to one event loop. */
interface Line {
  /**
   * Publishes a message.
   *
   * @return succeeds once the broker has acknowledged it; fails with {@link
   *     IllegalArgumentException} if it never will, with anything else if it may later
   */
  Future<Void> publish(Broker.Message message);

  /** Gives everything back, in the background; what is under way fails. */
  void close();
}
