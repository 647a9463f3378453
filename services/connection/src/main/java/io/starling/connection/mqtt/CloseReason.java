package io.starling.connection.mqtt;

import io.starling.connection.wire.Malformed.Fault;

/**
 * Why this side ends a connection. MQTT 5 clients are told in a DISCONNECT (section 3.14.2.1);
 * 3.1.1 has no such packet, there the connection closes.
 */
public enum CloseReason {
  MALFORMED_PACKET(0x81),
  PROTOCOL_ERROR(0x82),
  INTERNAL_ERROR(0x83),
  NOT_AUTHORIZED(0x87),
  /** Cannot take messages for now; 0x88 is for CONNACK only. */
  SERVER_BUSY(0x89),
  SERVER_SHUTTING_DOWN(0x8B),
  KEEP_ALIVE_TIMEOUT(0x8D),
  SESSION_TAKEN_OVER(0x8E),
  TOPIC_NAME_INVALID(0x90),
  RECEIVE_MAXIMUM_EXCEEDED(0x93),
  TOPIC_ALIAS_INVALID(0x94),
  PACKET_TOO_LARGE(0x95),
  QUOTA_EXCEEDED(0x97),
  USE_ANOTHER_SERVER(0x9C);

  private final int reasonCode;

  CloseReason(int reasonCode) {
    this.reasonCode = reasonCode;
  }

  static CloseReason of(Fault fault) {
    return switch (fault) {
      case MALFORMED_PACKET -> MALFORMED_PACKET;
      case TOPIC_ALIAS_INVALID -> TOPIC_ALIAS_INVALID;
      case PACKET_TOO_LARGE -> PACKET_TOO_LARGE;
      case PROTOCOL_ERROR, UNSUPPORTED_VERSION, CLIENT_ID_INVALID, CREDENTIALS_MALFORMED ->
          PROTOCOL_ERROR;
    };
  }

  /** As MQTT 5 clients are told. */
  public int reasonCode() {
    return reasonCode;
  }
}
