package io.starling.postgres;

import io.vertx.pgclient.PgException;
import java.util.Optional;

/**
 * A constraint that a statement ran into, for stores that turn it into an outcome.
 *
 * @param constraint its name in the schema; empty for {@link Kind#NOT_NULL}
 */
public record ConstraintViolation(Kind kind, String constraint) {

  /** The SQLSTATEs of class 23. */
  public enum Kind {
    NOT_NULL("23502"),
    FOREIGN_KEY("23503"),
    UNIQUE("23505"),
    CHECK("23514"),
    EXCLUSION("23P01");

    private final String sqlState;

    Kind(String sqlState) {
      this.sqlState = sqlState;
    }
  }

  /** The violation that this failure is, if it is one. */
  public static Optional<ConstraintViolation> of(Throwable failure) {
    if (failure instanceof PgException refused) {
      for (Kind kind : Kind.values()) {
        if (kind.sqlState.equals(refused.getSqlState())) {
          String name = refused.getConstraint();
          return Optional.of(new ConstraintViolation(kind, name == null ? "" : name));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether this failure is a violation of the constraint of that name. */
  public static boolean isOf(String constraint, Throwable failure) {
    return of(failure).filter(violation -> violation.constraint().equals(constraint)).isPresent();
  }
}
