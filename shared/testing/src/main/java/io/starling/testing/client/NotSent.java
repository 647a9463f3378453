package io.starling.testing.client;

/**
 * A publish has no answer and will get none: the connection was lost, or the device's queue was
 * full. The server may have taken the message all the same.
 */
public final class NotSent extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotSent(String cause) {
    super(cause, null, false, false);
  }
}
