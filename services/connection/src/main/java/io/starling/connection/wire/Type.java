package io.starling.connection.wire;

import java.util.List;

/** The types of control packets (MQTT 5, section 2.1.2), with what is fixed for each. */
public final class Type {
  public static final int CONNECT = 1;
  public static final int CONNACK = 2;
  public static final int PUBLISH = 3;
  public static final int PUBACK = 4;
  public static final int PUBREC = 5;
  public static final int PUBREL = 6;
  public static final int PUBCOMP = 7;
  public static final int SUBSCRIBE = 8;
  public static final int SUBACK = 9;
  public static final int UNSUBSCRIBE = 10;
  public static final int UNSUBACK = 11;
  public static final int PINGREQ = 12;
  public static final int PINGRESP = 13;
  public static final int DISCONNECT = 14;
  public static final int AUTH = 15;

  private static final List<String> LABELS =
      List.of(
          "connect",
          "connack",
          "publish",
          "puback",
          "pubrec",
          "pubrel",
          "pubcomp",
          "subscribe",
          "suback",
          "unsubscribe",
          "unsuback",
          "pingreq",
          "pingresp",
          "disconnect",
          "auth");

  private Type() {}

  /** Its name, in lower case; the type is 1 to 15. */
  public static String label(int type) {
    return LABELS.get(type - 1);
  }

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
