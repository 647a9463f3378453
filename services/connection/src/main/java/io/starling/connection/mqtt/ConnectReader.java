package io.starling.connection.mqtt;

import io.starling.connection.wire.Packet;
import io.starling.connection.wire.Property;
import java.nio.charset.StandardCharsets;

/** Reads what a CONNECT means, whatever the version. */
final class ConnectReader {
  private static final int DEFAULT_RECEIVE_MAXIMUM = 65_535;
  private static final int V5 = 5;

  private ConnectReader() {}

  /**
   * What the client said.
   *
   * @param peer who said it
   */
  static Connect read(Packet.Connect packet, Peer peer) {
    var properties = packet.properties();
    var password = packet.password();
    return new Connect(
        packet.level(),
        packet.clientId(),
        packet.userName(),
        password == null ? null : password.toString(StandardCharsets.UTF_8),
        packet.keepAliveSeconds(),
        packet.cleanStart(),
        expiry(packet),
        (int) properties.number(Property.RECEIVE_MAXIMUM, DEFAULT_RECEIVE_MAXIMUM),
        properties.number(Property.MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE),
        packet.will(),
        properties.text(Property.AUTHENTICATION_METHOD),
        peer.address(),
        peer.certificates());
  }

  private static long expiry(Packet.Connect packet) {
    if (packet.level() >= V5) {
      return packet.properties().number(Property.SESSION_EXPIRY_INTERVAL, 0);
    }
    return packet.cleanStart() ? 0 : Connect.FOREVER;
  }
}
