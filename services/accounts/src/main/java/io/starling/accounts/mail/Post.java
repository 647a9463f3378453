package io.starling.accounts.mail;

import io.vertx.core.Future;

/** Takes mail to people. */
public interface Post {
  /**
   * Takes a message; completes once it outlives this process, which is before anybody has it, and
   * fails if it was not taken. Blocks no event loop.
   */
  Future<Void> send(Mail mail);

  /** Starts to carry what was taken. */
  default void start() {}

  /** Carries nothing more than what is on its way. */
  default void stop() {}
}
