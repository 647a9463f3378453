package io.starling.journal.membership;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one log.
 *
 * @param leader null if nobody that answered leads; then the rest is hearsay
 * @param changing members are being taken in or out just now
 */
public record LogMembers(
    String log, @Nullable Member leader, boolean changing, List<Standing> standings) {

  /**
   * One replica.
   *
   * @param answers whether its disk answered at its address just now
   * @param lag entries that the leader has committed and this one has not told to have; -1: unknown
   * @param lastContact how long ago it answered its leader; null: unknown, or it leads
   */
  public record Standing(
      Member member, boolean leads, boolean answers, long lag, @Nullable Duration lastContact) {}

  /** Its leader and all replicas answer, and nothing is changing. */
  public boolean healthy() {
    return leader != null && !changing && standings.stream().allMatch(Standing::answers);
  }

  /** The replicas. */
  public List<Member> members() {
    return standings.stream().map(Standing::member).toList();
  }

  /** One replica by its disk. */
  public @Nullable Standing find(String diskId) {
    return standings.stream()
        .filter(each -> each.member().diskId().equals(diskId))
        .findFirst()
        .orElse(null);
  }
}
