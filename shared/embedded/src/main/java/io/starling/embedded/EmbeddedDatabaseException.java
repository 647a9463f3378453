package io.starling.embedded;

/** The server could not be installed, started or stopped; the message says why, for an operator. */
public final class EmbeddedDatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for an operator. */
  public EmbeddedDatabaseException(String message) {
    super(message);
  }

  /** The same, with what the machine said. */
  public EmbeddedDatabaseException(String message, Throwable cause) {
    super(message + ": " + cause, cause);
  }
}
