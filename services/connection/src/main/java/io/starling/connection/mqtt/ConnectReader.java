package io.starling.connection.mqtt;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.mqtt.MqttEndpoint;
import org.jspecify.annotations.Nullable;

/** Reads what a CONNECT said from vertx-mqtt's endpoint. */
final class ConnectReader {
  private static final int DEFAULT_RECEIVE_MAXIMUM = 65_535;

  private ConnectReader() {}

  /** What the CONNECT said; null if a property has a value that MQTT 5 forbids. */
  static @Nullable Connect read(MqttEndpoint endpoint) {
    var properties = endpoint.connectProperties();
    long receiveMaximum =
        number(properties, MqttProperties.RECEIVE_MAXIMUM, DEFAULT_RECEIVE_MAXIMUM);
    long maximumPacketSize =
        number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE);
    if (receiveMaximum == 0 || maximumPacketSize == 0) {
      return null;
    }
    var auth = endpoint.auth();
    var will = endpoint.will();
    String clientId = endpoint.clientIdentifier();
    return new Connect(
        endpoint.protocolVersion(),
        clientId == null ? "" : clientId,
        auth == null ? null : auth.getUsername(),
        auth == null ? null : auth.getPassword(),
        endpoint.keepAliveTimeSeconds(),
        endpoint.isCleanSession(),
        expiry(endpoint),
        (int) receiveMaximum,
        maximumPacketSize,
        will == null || !will.isWillFlag()
            ? null
            : new Connect.Will(will.getWillQos(), will.isWillRetain()),
        text(properties, MqttProperties.AUTHENTICATION_METHOD),
        address(endpoint));
  }

  private static long expiry(MqttEndpoint endpoint) {
    if (endpoint.protocolVersion() >= 5) {
      return number(endpoint.connectProperties(), MqttProperties.SESSION_EXPIRY_INTERVAL, 0);
    }
    return endpoint.isCleanSession() ? 0 : Connect.FOREVER;
  }

  private static String address(MqttEndpoint endpoint) {
    var remote = endpoint.remoteAddress();
    String host = remote == null ? null : remote.hostAddress();
    return host == null ? "" : host;
  }

  private static long number(MqttProperties properties, int id, long fallback) {
    return properties.getProperty(id) instanceof MqttProperties.IntegerProperty property
        // A four-byte integer is unsigned on the wire.
        ? Integer.toUnsignedLong(property.value())
        : fallback;
  }

  private static @Nullable String text(MqttProperties properties, int id) {
    return properties.getProperty(id) instanceof MqttProperties.StringProperty property
        ? property.value()
        : null;
  }
}
