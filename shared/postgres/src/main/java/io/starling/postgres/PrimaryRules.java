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

  /** Ask again at once: silence does not prove anything yet. */
  record AskAgain() implements Verdict {}

  /** Nobody may be written to. */
  record Nobody(String reason) implements Verdict {}

  /**
   * @param floor the highest term ever seen: nobody below it is asked to do anything
   * @param serving the present primary
   * @param patience how often silence may still be answered by asking again: one missed answer of
   *     the present primary is not worth cutting every call
   */
  static Verdict judge(
      List<Answer> answers, Term floor, @Nullable Candidate serving, int patience) {
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
    if (patience > 0 && answers.stream().anyMatch(answer -> mayServe(answer, serving))) {
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

  private static boolean mayServe(Answer answer, @Nullable Candidate serving) {
    return answer instanceof Answer.Silent silent
        && (serving == null || silent.candidate().equals(serving));
  }
}
