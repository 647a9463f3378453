package io.starling.journal.membership;

import io.starling.journal.membership.Answer.Silent;
import io.starling.journal.membership.Answer.Spoke;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a disk that has never been a member comes in. Logs are founded once, by all configured
 * addresses together, when none of them has any: so a disk that was wiped, or put in place of
 * another, can never found them again next to those which still hold data.
 */
sealed interface Admission {
  /** Start the logs with these members; all of them decide the same. */
  record Found(List<Member> members) implements Admission {}

  /** Start empty logs and wait to be taken in. */
  record Join(String because) implements Admission {}

  /** Nothing can be said yet. */
  record Wait(String because) implements Admission {}

  /**
   * Decides.
   *
   * @param answers of all configured addresses, this disk's own included
   */
  static Admission decide(String diskId, List<Answer> answers) {
    List<Member> members = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    for (Answer answer : answers) {
      switch (answer) {
        case Silent(var address, var why) -> silent.add(address + " (" + why + ")");
        case Spoke(var member, var logs) -> {
          members.add(member);
          for (LogView log : logs.values()) {
            if (log.has(diskId)) {
              return new Found(log.members()); // the others have decided a moment earlier
            }
            if (!member.diskId().equals(diskId)) {
              return new Join(log.log() + " exists already, on " + member);
            }
          }
        }
      }
    }
    if (!silent.isEmpty()) {
      return new Wait(
          "the first start needs every replica, so that none of them can be one that holds data;"
              + " no answer from "
              + String.join(", ", silent));
    }
    long disks = members.stream().map(Member::diskId).distinct().count();
    return disks == members.size()
        ? new Found(List.copyOf(members))
        : new Wait("several addresses lead to the same disk: " + members);
  }

  /**
   * Decides for a log that is new in the configuration, on a disk that hosts others: its first
   * members are those of the others. Only a member of theirs can found it, and only if nobody has:
   * so a disk that holds nothing still founds nothing.
   */
  static Admission decideNew(String diskId, String log, Survey survey) {
    for (Answer answer : survey.answers()) {
      LogView view = answer.log(log);
      if (view != null && !view.members().isEmpty()) {
        return view.has(diskId)
            ? new Found(view.members())
            : new Join(log + " exists already, with " + view.members());
      }
    }
    List<Member> members = List.of();
    for (String other : survey.logs()) {
      if (other.equals(log)
          || survey.answers().stream().allMatch(each -> each.log(other) == null)) {
        continue; // this one is new as well
      }
      LogView leader = survey.leaderOf(other);
      if (leader == null || leader.changing()) {
        return new Wait(other + (leader == null ? " has no leader yet" : " changes its members"));
      }
      if (!members.isEmpty() && !Set.copyOf(members).equals(Set.copyOf(leader.members()))) {
        return new Wait(other + " has other members than the logs before it");
      }
      members = leader.members();
    }
    boolean has = members.stream().anyMatch(member -> member.diskId().equals(diskId));
    return has
        ? new Found(List.copyOf(members))
        : new Join("it is not a member of the other logs: " + members);
  }
}
