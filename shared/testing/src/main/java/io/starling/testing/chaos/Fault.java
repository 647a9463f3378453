package io.starling.testing.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * One planned fault.
 *
 * @param node from 1; of no meaning for the database
 * @param hold how long it lasts
 * @param calm how long everything is left alone before it
 */
public record Fault(FaultKind kind, int node, Duration hold, Duration calm) {
  /** As a person reads it. */
  String text() {
    return kind.isOfNode() ? name() + " node-" + node : name();
  }

  String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
