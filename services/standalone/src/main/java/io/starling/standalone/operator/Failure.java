package io.starling.standalone.operator;

/** A command that cannot be done, with what to say of it and the exit status. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Refused, or otherwise not done. */
  static final int REFUSED = 1;

  /** Not for now: the same command may work later. */
  static final int UNAVAILABLE = 3;

  /** Nobody is logged in, or not any more. */
  static final int NOT_LOGGED_IN = 4;

  private final int status;

  Failure(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
