package io.starling.journal.membership;

import io.starling.journal.membership.Answer.Spoke;
import io.starling.journal.membership.LogMembers.Standing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What everybody said, put together. */
record Survey(List<String> logs, List<Answer> answers) {

  /** Asks these addresses, and then the members that they name. */
  static Survey take(Neighbours neighbours, Collection<JournalAddress> addresses)
      throws InterruptedException {
    List<Answer> answers = new ArrayList<>(neighbours.ask(addresses));
    Set<JournalAddress> named = new LinkedHashSet<>();
    for (Answer answer : answers) {
      answer.logs().values().forEach(log -> log.members().forEach(m -> named.add(m.address())));
    }
    answers.forEach(answer -> named.remove(answer.address()));
    answers.addAll(neighbours.ask(named));
    return new Survey(neighbours.logs(), List.copyOf(answers));
  }

  /** The disk that answered at an address. */
  @Nullable Spoke at(JournalAddress address) {
    for (Answer answer : answers) {
      if (answer instanceof Spoke spoke && spoke.address().equals(address)) {
        return spoke;
      }
    }
    return null;
  }

  boolean answers(String diskId) {
    return answers.stream()
        .anyMatch(each -> each instanceof Spoke(var member, _) && member.diskId().equals(diskId));
  }

  /** What the leader of a log says; null if none answered. */
  @Nullable LogView leaderOf(String log) {
    return views(log).stream()
        .filter(LogView::fromLeader)
        .max(Comparator.comparingLong(LogView::term))
        .orElse(null);
  }

  private List<LogView> views(String log) {
    return answers.stream().map(answer -> answer.log(log)).filter(Objects::nonNull).toList();
  }

  /** What is known of each log. */
  Map<String, LogMembers> all() {
    Map<String, LogMembers> all = new HashMap<>();
    logs.forEach(log -> all.put(log, of(log)));
    return all;
  }

  /** What is known of a log; without a leader, what the most replicas are said to be. */
  LogMembers of(String log) {
    LogView view = leaderOf(log);
    if (view == null) {
      view =
          views(log).stream()
              .max(Comparator.comparingInt(each -> each.members().size()))
              .orElse(null);
    }
    return view == null ? new LogMembers(log, null, false, List.of()) : of(view);
  }

  private LogMembers of(LogView view) {
    String leading = view.fromLeader() ? view.leader() : null;
    Long end = leading == null ? null : view.committed().get(leading);
    Member leader = null;
    List<Standing> standings = new ArrayList<>();
    for (Member member : view.members()) {
      boolean leads = member.diskId().equals(leading);
      Long own = view.committed().get(member.diskId());
      long lag = end == null || own == null ? -1 : Math.max(0, end - own);
      standings.add(
          new Standing(
              member,
              leads,
              answers(member.diskId()),
              lag,
              leads ? null : view.heard().get(member.diskId())));
      leader = leads ? member : leader;
    }
    return new LogMembers(view.log(), leader, view.changing(), List.copyOf(standings));
  }
}
