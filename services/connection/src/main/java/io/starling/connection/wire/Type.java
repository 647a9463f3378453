package io.starling.connection.wire;

/** The types of control packets (MQTT 5, section 2.1.2), with what is fixed for each. */
final class Type {
  static final int CONNECT = 1;
  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int PUBREC = 5;
  static final int PUBREL = 6;
  static final int PUBCOMP = 7;
  static final int SUBSCRIBE = 8;
  static final int SUBACK = 9;
  static final int UNSUBSCRIBE = 10;
  static final int UNSUBACK = 11;
  static final int PINGREQ = 12;
  static final int PINGRESP = 13;
  static final int DISCONNECT = 14;
  static final int AUTH = 15;

  private Type() {}

  /** The flags in the first byte; those of PUBLISH vary. */
  static int flags(int type) {
    return type == PUBREL || type == SUBSCRIBE || type == UNSUBSCRIBE ? 2 : 0;
  }

  /** Tells whether a packet of this type may have this reason code (section 2.4). */
  static boolean isCode(int type, int code) {
    return switch (type) {
      case PUBACK, PUBREC ->
          switch (code) {
            case 0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99 -> true;
            default -> false;
          };
      case PUBREL, PUBCOMP -> code == 0x00 || code == 0x92;
      case AUTH -> code == 0x00 || code == 0x18 || code == 0x19;
      default -> false;
    };
  }
}
