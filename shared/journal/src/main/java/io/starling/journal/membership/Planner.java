package io.starling.journal.membership;

import io.starling.journal.membership.Answer.Spoke;
import io.starling.journal.membership.LogMembers.Standing;
import io.starling.journal.membership.Plan.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes plans from a survey. Knows what is safe. */
final class Planner {
  private final Survey survey;
  private final List<String> refusals = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

  Planner(Survey survey) {
    this.survey = survey;
  }

  Plan replace(String dead, JournalAddress replacement) {
    if (survey.answers(dead)) {
      refusals.add("disk " + dead + " still answers: take it out with shrink, or stop it first");
    }
    if (all().stream().noneMatch(member -> member.diskId().equals(dead))
        && refusals.isEmpty()
        && !isMember(replacement)) {
      refusals.add("disk " + dead + " is a member of no log");
    }
    return plan(
        "replace disk " + dead + " by the one at " + replacement,
        Set.of(dead),
        List.of(replacement));
  }

  Plan grow(Collection<JournalAddress> added) {
    return plan("take in " + added, Set.of(), added);
  }

  Plan shrink(Collection<String> removed) {
    for (String disk : removed) {
      if (all().stream().noneMatch(member -> member.diskId().equals(disk))) {
        refusals.add("disk " + disk + " is a member of no log");
      }
    }
    return plan("take out " + removed, Set.copyOf(removed), List.of());
  }

  private Set<Member> all() {
    Set<Member> all = new LinkedHashSet<>();
    survey.all().values().forEach(log -> all.addAll(log.members()));
    return all;
  }

  private boolean isMember(JournalAddress address) {
    Spoke spoke = survey.at(address);
    return spoke != null && all().contains(spoke.member());
  }

  private Plan plan(String purpose, Set<String> out, Collection<JournalAddress> in) {
    List<Member> added = newcomers(in);
    for (String log : survey.logs()) {
      LogMembers now = survey.of(log);
      if (now.leader() == null) {
        refusals.add(
            log + " has no leader that answers: without a majority nothing can be changed");
      } else if (now.changing()) {
        refusals.add(log + " is just changing its members: wait for that");
      } else {
        plan(now, out, added);
      }
    }
    return new Plan(purpose, refusals.isEmpty() ? steps : List.of(), refusals);
  }

  private void plan(LogMembers now, Set<String> out, List<Member> in) {
    List<Member> after = new ArrayList<>(now.members());
    after.removeIf(member -> out.contains(member.diskId()));
    long alive = after.stream().filter(member -> survey.answers(member.diskId())).count();
    if (after.isEmpty() || alive <= after.size() / 2) {
      refusals.add(now.log() + " would be left without a majority that answers: " + after);
      return;
    }
    for (Member member : in) {
      if (!after.contains(member)) {
        after.add(member);
      }
    }
    steps.addAll(Plan.between(now.log(), now.members(), after));
  }

  private List<Member> newcomers(Collection<JournalAddress> addresses) {
    List<Member> newcomers = new ArrayList<>();
    for (JournalAddress address : addresses) {
      Spoke spoke = survey.at(address);
      if (spoke == null) {
        refusals.add("no journal answers at " + address);
      } else if (!spoke.logs().keySet().containsAll(survey.logs())) {
        refusals.add(spoke.member() + " does not host all of " + survey.logs());
      } else {
        newcomer(spoke);
        newcomers.add(spoke.member());
      }
    }
    return newcomers;
  }

  /** It must be empty, or have begun to be filled from here: never a member of something else. */
  private void newcomer(Spoke spoke) {
    String disk = spoke.member().diskId();
    for (LogView view : spoke.logs().values()) {
      LogMembers here = survey.of(view.log());
      Standing known = here.find(disk);
      if (known != null && !known.member().equals(spoke.member())) {
        refusals.add(disk + " is a member of " + view.log() + " already, as " + known.member());
      }
      for (Member member : view.members()) {
        if (here.find(member.diskId()) == null && !member.diskId().equals(disk)) {
          refusals.add(spoke.member() + " holds " + view.log() + " of others, such as " + member);
          break;
        }
      }
    }
  }
}
