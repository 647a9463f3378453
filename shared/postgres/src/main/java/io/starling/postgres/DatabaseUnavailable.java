package io.starling.postgres;

import org.jspecify.annotations.Nullable;

/**
 * The database could not be asked, or did not answer: try again later. Whether a statement under
 * way took effect is unknown, so only repeat what is safe to repeat.
 */
public final class DatabaseUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what an operator should know; no secrets. */
  public DatabaseUnavailable(String message) {
    this(message, null);
  }

  /** The same, and what it came from. */
  public DatabaseUnavailable(String message, @Nullable Throwable cause) {
    // No stack trace: this is an expected answer, and there are many of them in an outage.
    super(message, cause, false, false);
  }
}
