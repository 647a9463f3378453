package io.starling.testing.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

  @Test
  void theSameSeedPlansTheSameFaults() {
    assertThat(faults(new FaultPlan(42, ALL, 3, 1), 50))
        .isEqualTo(faults(new FaultPlan(42, ALL, 3, 1), 50))
        .isNotEqualTo(faults(new FaultPlan(43, ALL, 3, 1), 50));
  }

  @Test
  void goesRoundAllKindsAndForEachRoundAllNodes() {
    var plan = faults(new FaultPlan(1, ALL, 3, 1), 3 * ALL.size());
    for (var round = 0; round < 3; round++) {
      assertThat(plan.subList(round * ALL.size(), (round + 1) * ALL.size()))
          .extracting(Fault::kind)
          .containsExactlyInAnyOrderElementsOf(ALL);
    }
    assertThat(
            plan.stream().filter(fault -> fault.kind() == FaultKind.KILL).map(Fault::node).toList())
        .containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void holdsEachFaultFromItsTimeToTwiceThat() {
    for (var fault : faults(new FaultPlan(5, Set.of(FaultKind.FREEZE), 3, 0.5), 100)) {
      assertThat(fault.hold())
          .isBetween(FaultKind.FREEZE.hold().dividedBy(2), FaultKind.FREEZE.hold());
    }
  }

  @Test
  void doesOnlyWhatItMay() {
    var kinds =
        faults(new FaultPlan(9, Set.of(FaultKind.KILL, FaultKind.DISK), 1, 1), 20).stream()
            .map(Fault::kind)
            .collect(Collectors.toSet());
    assertThat(kinds).containsExactlyInAnyOrder(FaultKind.KILL, FaultKind.DISK);
  }

  private static List<Fault> faults(FaultPlan plan, int count) {
    return Stream.generate(plan::next).limit(count).toList();
  }
}
