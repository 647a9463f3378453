package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import io.starling.testing.history.Recovery;
import java.time.Duration;
import java.util.List;

/** After each fault everything is back within its limit. */
final class ComesBack implements Check {

  @Override
  public String promise() {
    return "faults are overcome in time";
  }

  @Override
  public List<Violation> violations(Evidence evidence) {
    return evidence.recoveries().stream()
        .flatMap(
            recovery ->
                recovery.steps().stream()
                    .filter(step -> !step.inTime())
                    .map(step -> new Violation(promise(), recovery.fault() + ": " + late(step))))
        .toList();
  }

  private static String late(Recovery.Step step) {
    var took = step.took();
    return "%s %s, at most %s are allowed"
        .formatted(
            step.what(),
            took == null ? "did not come back" : "took " + seconds(took),
            seconds(step.limit()));
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1e3);
  }
}
