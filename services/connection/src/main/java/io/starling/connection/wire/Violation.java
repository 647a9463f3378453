package io.starling.connection.wire;

import io.starling.connection.wire.Malformed.Fault;

/**
 * Leaves the reading of a packet that cannot be read on. Never leaves this package; without a stack
 * trace, since a client can bring about as many as it likes.
 */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;

  Violation(Fault fault, String why) {
    super(why, null, false, false);
    this.fault = fault;
  }

  static Violation malformed(String why) {
    return new Violation(Fault.MALFORMED_PACKET, why);
  }

  static Violation protocol(String why) {
    return new Violation(Fault.PROTOCOL_ERROR, why);
  }

  Fault fault() {
    return fault;
  }
}
