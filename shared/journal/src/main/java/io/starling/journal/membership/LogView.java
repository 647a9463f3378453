package io.starling.journal.membership;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One log as one replica sees it. Only what a leader says is more than hearsay.
 *
 * @param leader the disk id of the leader it knows
 * @param fromLeader the one who says this leads
 * @param members empty: it has an empty log and waits to be taken in
 * @param changing members are being taken in or out just now
 * @param committed by disk id, up to which index that replica has told to have committed
 * @param heard by disk id, how long ago that replica answered; only from a leader
 */
record LogView(
    String log,
    @Nullable String leader,
    long term,
    boolean fromLeader,
    List<Member> members,
    boolean changing,
    Map<String, Long> committed,
    Map<String, Duration> heard) {

  LogView {
    members = List.copyOf(members);
    committed = Map.copyOf(committed);
    heard = Map.copyOf(heard);
  }

  boolean has(String diskId) {
    return members.stream().anyMatch(member -> member.diskId().equals(diskId));
  }
}
