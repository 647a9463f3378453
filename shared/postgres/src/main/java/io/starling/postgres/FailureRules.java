package io.starling.postgres;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;

/** What a failure of a call says about the server and the connection. */
final class FailureRules {
  private FailureRules() {}

  /** What it means. */
  enum Meaning {
    /** A statement was refused, or the caller's own code failed: not our business. */
    CALLER,
    /** The server lacks something; the connection is good. */
    EXHAUSTED,
    /**
     * The connection is of no use any more, and whether its server still is the primary is open.
     */
    LOST
  }

  /**
   * @param broken whether the connection that it happened on is unusable now
   */
  static Meaning meaning(Throwable failure, boolean broken) {
    if (failure instanceof PgException refused) {
      return meaning(refused.getSqlState());
    }
    // An I/O error arrives before the connection is marked as broken. Should it be one of the
    // caller's own work, a connection is opened in vain.
    if (failure instanceof ClosedConnectionException || failure instanceof IOException) {
      return Meaning.LOST;
    }
    return broken && failure instanceof VertxException ? Meaning.LOST : Meaning.CALLER;
  }

  /** By SQLSTATE; see appendix A of the PostgreSQL manual. */
  static Meaning meaning(String sqlState) {
    return switch (sqlState) {
      // read-only transaction; ended by an administrator, by a crash, or not accepting yet
      case "25006", "57P01", "57P02", "57P03" -> Meaning.LOST;
      // ended because it idled in a transaction, in a session, or its transaction took too long
      case "25P03", "57P05", "25P04" -> Meaning.LOST;
      default ->
          switch (sqlState.substring(0, Math.min(2, sqlState.length()))) {
            case "08" -> Meaning.LOST; // connection exception
            case "53", "58" -> Meaning.EXHAUSTED; // disk full, out of memory; I/O error
            default -> Meaning.CALLER;
          };
    };
  }

  /** For an operator, without a stack. */
  static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
