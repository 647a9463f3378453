package io.starling.connection.wire;

/**
 * Bytes that are no packet, or a packet that may not come: the connection has to end (MQTT 5,
 * section 4.13).
 *
 * @param level the protocol level that the client speaks, as far as it is known: 0 if it is not
 * @param why for the log; nothing of the packet stands in it
 */
public record Malformed(Fault fault, int level, String why) implements Decoded {

  /** What is wrong, with the reason code of MQTT 5. */
  public enum Fault {
    MALFORMED_PACKET(0x81),
    PROTOCOL_ERROR(0x82),
    UNSUPPORTED_VERSION(0x84),
    CLIENT_ID_INVALID(0x85),
    /** User name or password cannot be read: such a client is told nothing. */
    CREDENTIALS_MALFORMED(0x81),
    TOPIC_ALIAS_INVALID(0x94),
    PACKET_TOO_LARGE(0x95);

    private final int reasonCode;

    Fault(int reasonCode) {
      this.reasonCode = reasonCode;
    }

    /** The reason code of MQTT 5. */
    public int reasonCode() {
      return reasonCode;
    }
  }
}
