package io.starling.journal;

import org.jspecify.annotations.Nullable;

/** Who may append to a log, as this replica sees it. */
public sealed interface Leadership {

  /**
   * This replica leads and has applied everything that earlier leaders committed. Terms only grow:
   * a fence.
   */
  record Leading(long term) implements Leadership {}

  /**
   * Another replica leads, or nobody known.
   *
   * @param leader the leader's peer id, which is its disk id
   */
  record Following(@Nullable String leader) implements Leadership {}

  /** Whether some replica is known to lead. */
  default boolean isKnown() {
    return !(this instanceof Following(String leader)) || leader != null;
  }
}
