package io.starling.journal;

/**
 * How long a batch may collect, from how many entries the log retains. Ratis keeps about 260 bytes
 * of heap per retained entry, so entries have a budget; sustained load and cursors that lag both
 * show as retained entries.
 *
 * <pre>
 *   fill    = retained / budget
 *   window  = 50 ms * clamp((fill - 0.25) / 0.5, 0, 1)
 * </pre>
 *
 * The window is the least time between two entries: a lone append after a pause never waits. At 50
 * ms a log makes 20 entries a second, 216,000 in 3 h. From twice the budget on, appends are
 * refused: half the heap would be index.
 */
record Pacing(long budget) {
  /**
   * Measured by class histogram: record, header, term and index, two boxed longs, weak reference,
   * skip list node.
   */
  static final long HEAP_BYTES_PER_ENTRY = 260;

  private static final long MAX_WINDOW_NANOS = 50_000_000;
  private static final double FREE_FILL = 0.25;
  private static final double RAMP = 0.5;

  long windowNanos(long retained) {
    double ramp = ((double) retained / budget - FREE_FILL) / RAMP;
    return (long) (MAX_WINDOW_NANOS * Math.clamp(ramp, 0.0, 1.0));
  }

  boolean exhausted(long retained) {
    return retained >= 2 * budget;
  }
}
