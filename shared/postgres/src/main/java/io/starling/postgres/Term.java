package io.starling.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Comparator;

/**
 * How current a database is: the number that each restore raises, then the timeline that each
 * promotion raises. Of two servers that both accept writes, the one with the lower term is the
 * past.
 *
 * @param restores the number in {@code starling.term}; 0 before our first migration
 * @param timeline PostgreSQL's own count of promotions in this history, from 1
 */
public record Term(long restores, long timeline) implements Comparable<Term> {
  /** Lower than that of any server. */
  static final Term NONE = new Term(0, 0);

  private static final Comparator<Term> ORDER =
      Comparator.comparingLong(Term::restores).thenComparingLong(Term::timeline);

  /** That of the server behind a connection; {@code 0.0} if it is a standby. */
  public static Future<Term> read(SqlConnection connection) {
    return Standing.read(connection).map(Standing::term);
  }

  @Override
  public int compareTo(Term other) {
    return ORDER.compare(this, other);
  }

  /** Whether this one is the past of the other. */
  public boolean isBefore(Term other) {
    return compareTo(other) < 0;
  }

  @Override
  public String toString() {
    return restores + "." + timeline;
  }
}
