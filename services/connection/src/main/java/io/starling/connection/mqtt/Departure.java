package io.starling.connection.mqtt;

import java.util.Locale;

/** Why clients leave: the reason codes of their DISCONNECT (MQTT 5, section 3.14.2.1). */
enum Departure {
  NORMAL(0x00),
  WITH_WILL(0x04),
  UNSPECIFIED(0x80),
  MALFORMED_PACKET(0x81),
  PROTOCOL_ERROR(0x82),
  IMPLEMENTATION_SPECIFIC(0x83),
  TOPIC_NAME_INVALID(0x90),
  RECEIVE_MAXIMUM_EXCEEDED(0x93),
  TOPIC_ALIAS_INVALID(0x94),
  PACKET_TOO_LARGE(0x95),
  MESSAGE_RATE_TOO_HIGH(0x96),
  QUOTA_EXCEEDED(0x97),
  ADMINISTRATIVE_ACTION(0x98),
  PAYLOAD_FORMAT_INVALID(0x99),
  /** A code that clients may not send, or that is none. */
  OTHER(-1);

  private static final Departure[] ALL = values();

  private final int reasonCode;

  Departure(int reasonCode) {
    this.reasonCode = reasonCode;
  }

  static Departure of(int reasonCode) {
    for (var one : ALL) {
      if (one.reasonCode == reasonCode) {
        return one;
      }
    }
    return OTHER;
  }

  /** As it stands in the meters. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
