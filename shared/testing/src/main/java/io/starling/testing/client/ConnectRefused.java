package io.starling.testing.client;

import io.starling.testing.wire.ReasonCode;

/** The server answered CONNECT with a refusal. */
public final class ConnectRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int reasonCode;

  public ConnectRefused(int reasonCode) {
    super("server refused the connection: " + ReasonCode.describe(reasonCode));
    this.reasonCode = reasonCode;
  }

  /** A return code of MQTT 3.1.1 or a reason code of MQTT 5. */
  public int reasonCode() {
    return reasonCode;
  }
}
