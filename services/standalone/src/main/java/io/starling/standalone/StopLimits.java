package io.starling.standalone;

import java.time.Duration;

/**
 * How long the parts of a stop may take. On one machine somebody waits at a terminal; a node of a
 * region has devices to send away and leadership to hand over first.
 *
 * @param drain over how long clients are sent away
 * @param services all of them together
 * @param service each of them
 * @param database the embedded one and all before it
 * @param cluster to leave it
 */
record StopLimits(
    Duration drain, Duration services, Duration service, Duration database, Duration cluster) {
  private static final Duration MARGIN = Duration.ofSeconds(2);

  /** All of a stop, Ctrl-C to the end of the process, stays below five seconds on one machine. */
  static StopLimits alone() {
    return new StopLimits(
        Duration.ZERO,
        Duration.ofMillis(2_500),
        Duration.ofMillis(1_500),
        Duration.ofMillis(4_500),
        Duration.ofMillis(500));
  }

  static StopLimits ofNode(Duration drain) {
    return new StopLimits(
        drain,
        Duration.ofSeconds(15),
        Duration.ofSeconds(10),
        Duration.ofSeconds(16),
        Duration.ofMillis(4_500));
  }

  /** All of it. */
  Duration all() {
    return drain.plus(database).plus(cluster).plus(MARGIN);
  }
}
