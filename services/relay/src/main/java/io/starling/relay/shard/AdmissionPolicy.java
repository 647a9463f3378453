package io.starling.relay.shard;

import io.starling.contract.EventClass;
import java.util.Optional;

/**
 * What a filling disk still takes (architecture, section 3): bulk below 70 %, normal below 85 %,
 * critical below 95 %. Refused before it is acknowledged, never dropped after.
 */
final class AdmissionPolicy {
  private static final double BULK = 0.70;
  private static final double NORMAL = 0.85;
  private static final double CRITICAL = 0.95;

  private AdmissionPolicy() {}

  /** The least important class that is taken, empty if none is. */
  static Optional<EventClass> least(double diskUsed) {
    if (diskUsed < BULK) {
      return Optional.of(EventClass.BULK);
    }
    if (diskUsed < NORMAL) {
      return Optional.of(EventClass.NORMAL);
    }
    return diskUsed < CRITICAL ? Optional.of(EventClass.CRITICAL) : Optional.empty();
  }
}
