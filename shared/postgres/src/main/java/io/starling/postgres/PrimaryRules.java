package io.starling.postgres;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who is the primary, given what the candidates answered. */
final class PrimaryRules {
  private PrimaryRules() {}

  /** What to do after a round of asking. */
  sealed interface Verdict {}

  /** Work with this one. */
  record Serve(Candidate candidate, Term term) implements Verdict {}

  /** Ask again at once: the present primary was silent for the first time. */
  record AskAgain() implements Verdict {}

  /** Nobody may be written to. */
  record Nobody(String reason) implements Verdict {}

  /**
   * @param floor the highest term ever seen: nobody below it is asked to do anything
   * @param serving the present primary
   * @param wasSilent whether the present primary was silent in the round before, too: one missed
   *     answer is not worth cutting every call, two are
   */
  static Verdict judge(
      List<Answer> answers, Term floor, @Nullable Candidate serving, boolean wasSilent) {
    Optional<Answer.Writable> best =
        answers.stream()
            .filter(Answer.Writable.class::isInstance)
            .map(Answer.Writable.class::cast)
            .filter(writable -> !writable.term().isBefore(floor))
            .max(
                Comparator.comparing(Answer.Writable::term)
                    // Two names of one server: stay.
                    .thenComparing(writable -> writable.candidate().equals(serving)));
    if (best.isPresent()) {
      return new Serve(best.get().candidate(), best.get().term());
    }
    boolean silent =
        answers.stream()
            .anyMatch(a -> a instanceof Answer.Silent s && s.candidate().equals(serving));
    if (silent && !wasSilent) {
      return new AskAgain();
    }
    return new Nobody(
        answers.stream()
            .map(
                answer ->
                    answer instanceof Answer.Writable
                        ? answer.text() + ", which is before " + floor
                        : answer.text())
            .collect(Collectors.joining("; ")));
  }
}
