package io.starling.embedded.pair;

import io.starling.embedded.pair.Answer.ReadOnly;
import io.starling.embedded.pair.Answer.Silent;
import io.starling.embedded.pair.Answer.Writable;

/**
 * What one look showed of one server.
 *
 * @param hasData whether there is a cluster in its folder
 * @param running whether its process exists
 * @param standby whether it started, or would start, read-only
 * @param timeline the highest one on its disk
 * @param fenced whether it must be copied anew before it serves again
 * @param down whether it was put down on purpose
 */
record Sight(
    String name,
    boolean hasData,
    boolean running,
    boolean standby,
    long timeline,
    boolean fenced,
    boolean down,
    Answer answer) {

  /** Whether it is a primary, or would be one if it were started. */
  boolean claims() {
    return switch (answer) {
      case Writable _ -> true;
      case ReadOnly _ -> false;
      default -> hasData && !standby && !fenced;
    };
  }

  boolean isSilent() {
    return answer instanceof Silent;
  }

  boolean isReadOnly() {
    return answer instanceof ReadOnly;
  }

  /** Whether it can only come back as a copy. */
  boolean needsCopy() {
    return fenced || !hasData;
  }
}
