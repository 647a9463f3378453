package io.starling.connection.mqtt;

/**
 * Why a CONNECT is refused, with the code of each version (MQTT 3.1.1, section 3.2.2.3; MQTT 5,
 * section 3.2.2.2).
 */
public enum Refusal {
  BAD_CREDENTIALS(4, 0x86),
  NOT_AUTHORIZED(5, 0x87),
  CLIENT_ID_INVALID(2, 0x85),
  SERVER_UNAVAILABLE(3, 0x88),
  SERVER_BUSY(3, 0x89),
  USE_ANOTHER_SERVER(3, 0x9C),
  PROTOCOL_ERROR(3, 0x82),
  QUOTA_EXCEEDED(3, 0x97),
  TOPIC_NAME_INVALID(5, 0x90),
  AUTHENTICATION_METHOD_UNKNOWN(5, 0x8C);

  private final int returnCode;
  private final int reasonCode;

  Refusal(int returnCode, int reasonCode) {
    this.returnCode = returnCode;
    this.reasonCode = reasonCode;
  }

  /** The code for a client of this version. */
  int code(boolean v5) {
    return v5 ? reasonCode : returnCode;
  }
}
