package io.starling.testing.chaos;

import java.time.Duration;

/** What can be done to a region, and how soon what has to be back. */
public enum FaultKind {
  /** SIGKILL of a node, started again later. */
  KILL(4, 3, 10, 60),
  /** A node is told to stop, and is started again when it has: as in a rolling restart. */
  RESTART(1, 3, 10, 60),
  /** SIGSTOP and SIGCONT of a node. */
  FREEZE(9, 8, 10, 30),
  /** A node's network is taken away and given back. */
  CUT(9, 8, 10, 30),
  /** SIGKILL of the database, started again later. */
  DATABASE(8, 3, 10, 60),
  /** A node's journal has no space left, and gets it back. */
  DISK(5, 8, 10, 20);

  private final Duration hold;
  private final Duration ackLimit;
  private final Duration streamLimit;
  private final Duration normalLimit;

  FaultKind(int holdSeconds, int ackSeconds, int streamSeconds, int normalSeconds) {
    this.hold = Duration.ofSeconds(holdSeconds);
    this.ackLimit = Duration.ofSeconds(ackSeconds);
    this.streamLimit = Duration.ofSeconds(streamSeconds);
    this.normalLimit = Duration.ofSeconds(normalSeconds);
  }

  /** It lasts from so long to twice as long. */
  Duration hold() {
    return hold;
  }

  /** From its beginning to the first acknowledgement of an event published since. */
  Duration ackLimit() {
    return ackLimit;
  }

  /** From its beginning until every stream and the webhook have an event published since. */
  Duration streamLimit() {
    return streamLimit;
  }

  /**
   * From its beginning, and again from its end, until every device, every sink and calls by the
   * other nodes are served.
   */
  Duration serviceLimit() {
    return this == FREEZE ? Duration.ofSeconds(8) : streamLimit;
  }

  /** From its end until all is normal: the service, every node and the database. */
  Duration normalLimit() {
    return normalLimit;
  }

  /** Whether it befalls a node. */
  boolean isOfNode() {
    return this != DATABASE;
  }

  /** Whether the region is down with its only node until this ends. */
  boolean stops(int nodes) {
    return isOfNode() && nodes == 1;
  }
}
