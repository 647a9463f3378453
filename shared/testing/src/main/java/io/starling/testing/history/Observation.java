package io.starling.testing.history;

/**
 * One event that a sink received, as its payload tells.
 *
 * @param stampNanos when the device says that it made it
 * @param atNanos when the sink had it
 */
public record Observation(int device, int number, long stampNanos, long atNanos) {
  /** {@code <device>-<number>}. */
  public String key() {
    return device + "-" + number;
  }
}
