package io.starling.journal.membership;

import java.time.Duration;
import java.util.List;

/**
 * What became of the logs that a node led when it was told to hand them over.
 *
 * @param moved led by another now
 * @param kept still led here, or by nobody known
 */
public record HandOver(List<Moved> moved, List<Kept> kept) {
  public HandOver {
    moved = List.copyOf(moved);
    kept = List.copyOf(kept);
  }

  /** One that went. */
  public record Moved(String log, Member to, Duration took) {}

  /** One that did not. */
  public record Kept(String log, String why) {}
}
