package io.starling.embedded;

/** The server could not be installed, started or stopped; the message says why, for an operator. */
public final class EmbeddedDatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbeddedDatabaseException(String message) {
    super(message);
  }

  EmbeddedDatabaseException(String message, Throwable cause) {
    super(message + ": " + cause, cause);
  }
}
