package io.starling.journal.membership;

import io.starling.journal.membership.LogMembers.Standing;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where leaders belong. Ratis does not spread them, and one node that leads all logs does all the
 * work of leaders.
 */
final class Balance {
  /** A follower that has not answered for longer is no candidate. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private Balance() {}

  /** One hand-over. */
  record Move(String log, Member to) {}

  /**
   * The one hand-over that a node should make now: of a log more than its share, to the node that
   * leads fewest. None while anything is unhealthy.
   */
  static Optional<Move> next(String self, Collection<LogMembers> logs) {
    if (!logs.stream().allMatch(LogMembers::healthy)) {
      return Optional.empty();
    }
    Map<String, Integer> led = led(logs);
    Set<Member> nodes = new HashSet<>();
    logs.forEach(log -> nodes.addAll(log.members()));
    int share = nodes.isEmpty() ? 0 : Math.ceilDiv(logs.size(), nodes.size());
    if (led.getOrDefault(self, 0) <= share) {
      return Optional.empty();
    }
    return logs.stream()
        .filter(log -> leads(log, self))
        .flatMap(log -> candidates(log, led).stream().map(to -> new Move(log.log(), to)))
        .filter(move -> led.getOrDefault(move.to.diskId(), 0) < share)
        .min(
            Comparator.<Move>comparingInt(move -> led.getOrDefault(move.to.diskId(), 0))
                .thenComparing(Move::log));
  }

  /** How many logs each disk leads. */
  static Map<String, Integer> led(Collection<LogMembers> logs) {
    Map<String, Integer> led = new HashMap<>();
    for (LogMembers log : logs) {
      if (log.leader() != null) {
        led.merge(log.leader().diskId(), 1, Integer::sum);
      }
    }
    return led;
  }

  /** Who could lead a log instead: those heard of lately; least led first, then least behind. */
  static List<Member> candidates(LogMembers log, Map<String, Integer> led) {
    return log.standings().stream()
        .filter(each -> !each.leads() && each.answers() && heard(each))
        .sorted(
            Comparator.<Standing>comparingInt(each -> led.getOrDefault(each.member().diskId(), 0))
                .thenComparingLong(Standing::lag))
        .map(Standing::member)
        .toList();
  }

  private static boolean heard(Standing standing) {
    Duration last = standing.lastContact();
    return last != null && last.compareTo(FRESH) < 0;
  }

  private static boolean leads(LogMembers log, String diskId) {
    return log.leader() != null && log.leader().diskId().equals(diskId);
  }
}
