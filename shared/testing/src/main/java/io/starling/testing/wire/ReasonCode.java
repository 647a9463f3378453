package io.starling.testing.wire;

/** Names of the codes with which a server refuses, for messages to people. */
public final class ReasonCode {
  /** Another connection of the same client id took the session over (MQTT 5, 3.14.2.1). */
  public static final int SESSION_TAKEN_OVER = 0x8e;

  private ReasonCode() {}

  /** True for the codes with which CONNECT is refused for its credentials, in either version. */
  public static boolean isBadCredentials(int code) {
    return code == 4 || code == 5 || code == 0x86 || code == 0x87;
  }

  /** The code as a person reads it, such as {@code 0x87 not authorized}. */
  public static String describe(int code) {
    return "0x%02x %s".formatted(code, name(code));
  }

  private static String name(int code) {
    return switch (code) {
      case 0x00 -> "success";
      case 0x01 -> "unacceptable protocol version";
      case 0x02 -> "client id rejected";
      case 0x03 -> "server unavailable";
      case 0x04, 0x86 -> "bad user name or password";
      case 0x05, 0x87 -> "not authorized";
      case 0x10 -> "no matching subscribers";
      case 0x80 -> "unspecified error";
      case 0x81 -> "malformed packet";
      case 0x82 -> "protocol error";
      case 0x83 -> "implementation specific error";
      case 0x84 -> "unsupported protocol version";
      case 0x85 -> "client id not valid";
      case 0x88 -> "server unavailable";
      case 0x89 -> "server busy";
      case 0x8a -> "banned";
      case 0x8b -> "server shutting down";
      case 0x8d -> "keep alive timeout";
      case SESSION_TAKEN_OVER -> "session taken over";
      case 0x8f -> "topic filter invalid";
      case 0x90 -> "topic name invalid";
      case 0x93 -> "receive maximum exceeded";
      case 0x95 -> "packet too large";
      case 0x96 -> "message rate too high";
      case 0x97 -> "quota exceeded";
      case 0x98 -> "administrative action";
      case 0x9c -> "use another server";
      case 0x9d -> "server moved";
      case 0x9f -> "connection rate exceeded";
      default -> "code " + code;
    };
  }
}
