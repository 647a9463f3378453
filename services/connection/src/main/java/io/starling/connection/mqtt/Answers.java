package io.starling.connection.mqtt;

import io.starling.connection.wire.Malformed;
import io.starling.connection.wire.Properties;
import io.starling.connection.wire.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in the answers to a client, beside their codes. */
final class Answers {
  private static final int V5 = 5;
  private static final int NO_SUBSCRIPTION_EXISTED = 0x11;

  private Answers() {}

  /**
   * What an MQTT 5 client is told in CONNACK (section 3.2.2.3): only what its absence would not say
   * as well, since some take small packets only.
   */
  static Properties properties(Accepted accepted, MqttListener.Options options) {
    var properties =
        Properties.builder()
            .number(Property.RECEIVE_MAXIMUM, options.receiveMaximum())
            .number(Property.MAXIMUM_PACKET_SIZE, options.maxPacketBytes())
            .number(Property.TOPIC_ALIAS_MAXIMUM, options.topicAliasMaximum())
            .text(Property.ASSIGNED_CLIENT_IDENTIFIER, accepted.assignedClientId());
    var expiry = accepted.sessionExpirySeconds();
    if (expiry != null) {
      var _ = properties.number(Property.SESSION_EXPIRY_INTERVAL, expiry);
    }
    var keepAlive = accepted.serverKeepAliveSeconds();
    if (keepAlive != null) {
      var _ = properties.number(Property.SERVER_KEEP_ALIVE, keepAlive);
    }
    return properties.build();
  }

  /** Where else to go; nothing if that is not known. */
  static Properties reference(@Nullable String server) {
    return server == null
        ? Properties.NONE
        : Properties.builder().text(Property.SERVER_REFERENCE, server).build();
  }

  /** How a CONNECT is answered that cannot be read; 0 if not at all. */
  static int code(Malformed malformed) {
    if (malformed.fault() == Malformed.Fault.CREDENTIALS_MALFORMED) {
      return 0;
    }
    if (malformed.level() == V5) {
      return malformed.fault().reasonCode();
    }
    return switch (malformed.fault()) {
      case UNSUPPORTED_VERSION -> 1;
      case CLIENT_ID_INVALID -> 2;
      default -> 0;
    };
  }

  /** The codes of UNSUBACK (section 3.11.3). */
  static List<Integer> codes(List<Boolean> existed) {
    return existed.stream().map(there -> there ? 0 : NO_SUBSCRIPTION_EXISTED).toList();
  }
}
