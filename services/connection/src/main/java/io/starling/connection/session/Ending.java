package io.starling.connection.session;

import io.starling.connection.mqtt.CloseReason;
import io.starling.contract.SessionsRequest.WillFate;
import java.util.Locale;

/** How a connection came to its end: it decides about the will (MQTT 5, section 3.1.2.5). */
sealed interface Ending {
  /** Nobody said why. */
  int UNSPECIFIED = 0x80;

  /**
   * The client said DISCONNECT.
   *
   * @param reasonCode 0x00 discards the will, 0x04 and all others have it sent (section 3.14.2.1)
   */
  record Disconnected(int reasonCode) implements Ending {}

  /** The client went away without a word. */
  record Lost() implements Ending {}

  /** This side ended it. */
  record Closed(CloseReason reason) implements Ending {}

  /** In a word. */
  default String why() {
    return switch (this) {
      case Disconnected _ -> "disconnected";
      case Lost _ -> "connection_lost";
      case Closed(var reason) -> reason.name().toLowerCase(Locale.ROOT);
    };
  }

  /** As a reason code (MQTT 5, section 2.4). */
  default int code() {
    return switch (this) {
      case Disconnected(int reasonCode) -> reasonCode;
      case Lost _ -> UNSPECIFIED;
      case Closed(var reason) -> reason.reasonCode();
    };
  }

  /** What becomes of the will, if there is one. */
  default WillFate will() {
    return switch (this) {
      case Disconnected(int reasonCode) when reasonCode == 0 -> WillFate.NONE;
      case Closed(var reason) when reason == CloseReason.SERVER_SHUTTING_DOWN -> WillFate.DEFERRED;
      case Closed(var reason) when reason == CloseReason.USE_ANOTHER_SERVER -> WillFate.DEFERRED;
      case Disconnected _, Lost _, Closed _ -> WillFate.DUE;
    };
  }
}
