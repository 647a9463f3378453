package io.starling.webhooks.note;

import io.starling.contract.IntegrationId;
import io.starling.postgres.Term;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a note in the journal: {@code #webhooks-parked@<term>/<integration>} or {@code
 * #webhooks-past@<term>/<integration>}. The journal keeps a note as a cursor that holds nothing
 * back.
 *
 * @param term of the database that has the rows
 */
record NoteName(Kind kind, Term term, IntegrationId integration) {
  /** What the names of all notes start with. */
  static final String PREFIX = "#webhooks-";

  private static final Pattern FORM =
      Pattern.compile(PREFIX + "(parked|past)@(\\d{1,18})\\.(\\d{1,18})/([0-9a-f]{24})");

  /** What a note says. */
  enum Kind {
    /** Rows may wait in the database. */
    PARKED,
    /** Rows were written, as far back as the note's position; none waits. */
    PAST;

    private String text() {
      return this == PARKED ? "parked" : "past";
    }
  }

  /** Reads a name; empty if it is none of ours. */
  static Optional<NoteName> read(String name) {
    var parts = FORM.matcher(name);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var kind = parts.group(1).equals("parked") ? Kind.PARKED : Kind.PAST;
    var term = new Term(Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)));
    return Optional.of(new NoteName(kind, term, IntegrationId.of(parts.group(4))));
  }

  @Override
  public String toString() {
    return PREFIX + kind.text() + "@" + term + "/" + integration;
  }
}
