package io.starling.journal.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.journal.membership.LogMembers.Standing;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BalanceTest {
  private static final List<Member> NODES =
      IntStream.range(0, 3)
          .mapToObj(i -> new Member("disk-" + i, new JournalAddress("relay", i + 1)))
          .toList();

  private static LogMembers log(String name, int leader, Duration heard) {
    List<Standing> standings =
        NODES.stream()
            .map(node -> new Standing(node, node.equals(NODES.get(leader)), true, 0, heard))
            .toList();
    return new LogMembers(name, NODES.get(leader), false, standings);
  }

  private static List<LogMembers> logs(int... leaders) {
    return IntStream.range(0, leaders.length)
        .mapToObj(i -> log("shard-" + i, leaders[i], Duration.ofMillis(100)))
        .toList();
  }

  @Test
  void handsTheFirstToTheNodeThatLeadsFewest() {
    assertThat(Balance.next("disk-0", logs(0, 0, 0, 1)))
        .contains(new Balance.Move("shard-0", NODES.get(2)));
  }

  @Test
  void leavesAFairShareAlone() {
    assertThat(Balance.next("disk-0", logs(0, 0, 1, 2))).isEmpty();
    assertThat(Balance.next("disk-1", logs(0, 0, 0, 1))).isEmpty();
    assertThat(Balance.next("disk-0", logs(0, 1, 2))).isEmpty();
  }

  @Test
  void endsWithOneLeaderEachWhereverItBegins() {
    int[] leaders = {1, 1, 1};
    for (int turns = 0; turns < 2; turns++) {
      var move = Balance.next("disk-1", logs(leaders)).orElseThrow();
      leaders[Integer.parseInt(move.log().substring(6))] = NODES.indexOf(move.to());
    }
    assertThat(leaders).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(Balance.next("disk-1", logs(leaders))).isEmpty();
  }

  @Test
  void doesNothingWhileAnythingIsUnhealthy() {
    LogMembers led = log("shard-9", 1, Duration.ZERO);
    LogMembers leaderless = new LogMembers("shard-9", null, false, led.standings());
    LogMembers changing = new LogMembers("shard-9", led.leader(), true, led.standings());
    Standing dead = new Standing(NODES.get(2), false, false, 7, Duration.ofMinutes(1));
    LogMembers lame = new LogMembers("shard-9", led.leader(), false, List.of(dead));
    for (LogMembers ill : List.of(leaderless, changing, lame)) {
      List<LogMembers> logs = new java.util.ArrayList<>(logs(0, 0, 0));
      logs.add(ill);
      assertThat(Balance.next("disk-0", logs)).isEmpty();
    }
  }

  @Test
  void choosesNobodyWhoHasNotBeenHeardOfLately() {
    assertThat(
            Balance.next(
                "disk-0",
                List.of(log("a", 0, Duration.ofSeconds(9)), log("b", 0, Duration.ofSeconds(9)))))
        .isEmpty();
  }
}
