package io.starling.testing.wire;

/** The other side sent bytes that are not MQTT; the connection cannot go on. */
public final class MalformedPacket extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedPacket(String message) {
    super(message);
  }
}
