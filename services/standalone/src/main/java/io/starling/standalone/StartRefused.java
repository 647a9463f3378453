package io.starling.standalone;

/** The start cannot go on; the message is one line for the operator, and nothing was damaged. */
final class StartRefused extends RuntimeException {
  StartRefused(String message) {
    super(message, null, false, false);
  }
}
