package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import io.starling.testing.history.MemorySample;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** No process ever has more memory than its bound; told once for each, at its worst. */
final class BoundedMemory implements Check {

  @Override
  public String promise() {
    return "memory is bounded";
  }

  @Override
  public List<Violation> violations(Evidence evidence) {
    return evidence.memory().stream()
        .filter(sample -> sample.bytes() > sample.boundBytes())
        .collect(
            Collectors.toMap(
                MemorySample::process,
                sample -> sample,
                (a, b) -> a.bytes() >= b.bytes() ? a : b,
                TreeMap::new))
        .values()
        .stream()
        .sorted(Comparator.comparing(MemorySample::process))
        .map(
            worst ->
                new Violation(
                    promise(),
                    "%s had %,d MiB, at most %,d are allowed"
                        .formatted(worst.process(), worst.bytes() >> 20, worst.boundBytes() >> 20)))
        .toList();
  }
}
