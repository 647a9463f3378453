package io.starling.embedded.pair;

import org.jspecify.annotations.Nullable;

/** What a server answered when it was asked who it is. Positions are bytes of log, from 0. */
sealed interface Answer {
  /**
   * It accepts writes.
   *
   * @param waits whether a commit waits for the other server
   * @param position up to where its log is on its disk
   * @param follower the other server, if it is connected
   */
  record Writable(boolean waits, long position, @Nullable Follower follower) implements Answer {
    boolean isFollowed() {
      return follower != null && follower.streaming();
    }
  }

  /**
   * The other server as the primary sees it.
   *
   * @param streaming whether it has caught up once
   * @param sync whether it is the one that commits wait for
   * @param flushed up to where the log is on its disk
   */
  record Follower(boolean streaming, boolean sync, long flushed) {}

  /** It is a standby. */
  record ReadOnly() implements Answer {}

  /** It lives but has no connection left for us: no reason to do anything. */
  record Busy() implements Answer {}

  /** It does not exist, is frozen, or still recovers. */
  record Silent(String cause) implements Answer {}
}
