package io.starling.journal.membership;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a change of members will do, log by log; or why it will not. Shown before it is carried out
 * by {@link Membership#execute}. After an interruption, plan again: what is done already is left
 * out.
 *
 * @param purpose in one line
 * @param steps in order
 * @param refusals not empty: it will not be carried out
 */
public record Plan(String purpose, List<Step> steps, List<String> refusals) {
  public Plan {
    steps = List.copyOf(steps);
    refusals = List.copyOf(refusals);
  }

  /** One change of one log's members, which the log's leader makes as a whole or not at all. */
  public record Step(String log, List<Member> from, List<Member> to) {
    public Step {
      from = List.copyOf(from);
      to = List.copyOf(to);
    }

    /** For operators. */
    @Override
    public String toString() {
      List<Member> out = minus(from, to);
      List<Member> in = minus(to, from);
      String what =
          out.isEmpty() ? "take in " + in : "take out " + out + (in.isEmpty() ? "" : ", in " + in);
      return log + ": " + what + ", " + from.size() + " -> " + to.size() + " replicas";
    }
  }

  /** For operators, several lines. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(purpose);
    refusals.forEach(refusal -> text.append("\n  refused: ").append(refusal));
    steps.forEach(step -> text.append("\n  ").append(step));
    return steps.isEmpty() && refusals.isEmpty() ? text + "\n  nothing to do" : text.toString();
  }

  /**
   * The steps from some members to others: first out, then in. Never more in at once than stay, but
   * for the first one beside a lone one: whoever comes in empty must not be able to outvote those
   * who hold data.
   */
  static List<Step> between(String log, List<Member> from, List<Member> to) {
    List<Step> steps = new ArrayList<>();
    List<Member> present = from;
    List<Member> staying = from.stream().filter(ids(to)::contains).toList();
    if (!staying.isEmpty() && staying.size() < from.size()) {
      steps.add(new Step(log, present, staying));
      present = staying;
    }
    List<Member> missing = minus(to, present);
    while (!missing.isEmpty()) {
      int most = Math.max(1, present.size() - 1);
      List<Member> next = new ArrayList<>(present);
      next.addAll(missing.subList(0, Math.min(most, missing.size())));
      steps.add(new Step(log, present, next));
      present = List.copyOf(next);
      missing = minus(to, present);
    }
    return steps;
  }

  private static Set<Member> ids(List<Member> members) {
    return new HashSet<>(members);
  }

  private static List<Member> minus(List<Member> members, List<Member> others) {
    return members.stream().filter(member -> !others.contains(member)).toList();
  }
}
