package io.starling.testing.history;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came back after a fault and when.
 *
 * @param fault as a person reads it
 */
public record Recovery(String fault, List<Step> steps) {
  public Recovery {
    steps = List.copyOf(steps);
  }

  /**
   * One thing that has to come back.
   *
   * @param took null: it did not
   */
  public record Step(String what, @Nullable Duration took, Duration limit) {
    /** Whether it came back in time. */
    public boolean inTime() {
      return took != null && took.compareTo(limit) <= 0;
    }
  }
}
