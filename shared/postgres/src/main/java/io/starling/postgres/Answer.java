package io.starling.postgres;

/** What one candidate answered when asked who it is. */
sealed interface Answer {
  Candidate candidate();

  /** It accepts writes. */
  record Writable(Candidate candidate, Term term) implements Answer {}

  /** It is a standby or read-only. */
  record ReadOnly(Candidate candidate) implements Answer {}

  /** It said nothing in time: frozen, cut off, or very slow. */
  record Silent(Candidate candidate) implements Answer {}

  /** It cannot be asked, and that is certain: refused, closed, or an error. */
  record Failed(Candidate candidate, String cause) implements Answer {}

  /** For an operator. */
  default String text() {
    return candidate().address()
        + switch (this) {
          case Writable writable -> " is writable in term " + writable.term();
          case ReadOnly _ -> " is read-only";
          case Silent _ -> " does not answer";
          case Failed failed -> ": " + failed.cause();
        };
  }
}
