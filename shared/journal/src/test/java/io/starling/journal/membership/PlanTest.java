package io.starling.journal.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.journal.membership.Plan.Step;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlanTest {
  private static List<Member> disks(int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(i -> new Member("disk-" + i, new JournalAddress("relay", i)))
        .toList();
  }

  private static void steps(List<Member> from, List<Member> to, List<List<Member>> expected) {
    List<Step> steps = Plan.between("shard-0", from, to);
    assertThat(steps).extracting(Step::to).isEqualTo(expected);
    List<Member> present = from;
    for (Step step : steps) {
      assertThat(step.from()).isEqualTo(present);
      present = step.to();
    }
  }

  @Test
  void takesTheDeadOutBeforeTheNewComesIn() {
    steps(disks(1, 2, 3), disks(1, 3, 4), List.of(disks(1, 3), disks(1, 3, 4)));
  }

  @Test
  void neverTakesInAsManyAsThereAre() {
    steps(disks(1), disks(1, 2, 3), List.of(disks(1, 2), disks(1, 2, 3)));
    steps(disks(1, 2, 3), disks(1, 2, 3, 4, 5), List.of(disks(1, 2, 3, 4, 5)));
  }

  @Test
  void goesFromFiveToThreeAtOnce() {
    steps(disks(1, 2, 3, 4, 5), disks(2, 3, 4), List.of(disks(2, 3, 4)));
  }

  @Test
  void hasNothingToDoWhenAllIsDone() {
    steps(disks(1, 2), disks(2, 1), List.of());
  }

  @Test
  void saysWhatItWillDo() {
    Plan plan =
        new Plan(
            "replace disk-2", Plan.between("shard-0", disks(1, 2, 3), disks(1, 3, 4)), List.of());
    assertThat(plan)
        .hasToString(
            """
            replace disk-2
              shard-0: take out [disk-2 at relay:2], 3 -> 2 replicas
              shard-0: take in [disk-4 at relay:4], 2 -> 3 replicas""");
    assertThat(new Plan("grow", List.of(), List.of("no leader")))
        .hasToString("grow\n  refused: no leader");
  }
}
