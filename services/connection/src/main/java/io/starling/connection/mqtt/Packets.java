package io.starling.connection.mqtt;

import io.starling.connection.wire.Packet;
import java.util.List;

/** What a client sends once it is connected. Called on the connection's event loop, in order. */
public interface Packets {
  /** What {@link #disconnected} is told if the session's expiry stays as it was. */
  long SAME_EXPIRY = -1;

  /** Who the client is: a device's id, or an account and a client id. */
  String clientName();

  /** PUBLISH, with its topic also where an alias stood for it; nobody changes it later. */
  void publish(Packet.Publish publish);

  /** PUBACK, whatever its reason code. */
  void acknowledged(int packetId);

  /** PUBREC. */
  void received(int packetId, int reasonCode);

  /** PUBREL. */
  void released(int packetId);

  /** PUBCOMP. */
  void completed(int packetId);

  /** SUBSCRIBE. */
  void subscribe(int packetId, List<Requested> filters);

  /** UNSUBSCRIBE. */
  void unsubscribe(int packetId, List<String> filters);

  /** PINGREQ, or another packet that changes nothing; it is answered already. */
  void ping();

  /** The client broke the protocol; the connection is still to be ended, with this reason. */
  void violated(CloseReason reason);

  /**
   * The client has said DISCONNECT, and the connection is gone.
   *
   * @param reasonCode 0x00, or 0x04 to have the will sent (section 3.14.2.1), or what went wrong
   * @param expirySeconds how long the session is to be kept now, or {@link #SAME_EXPIRY}
   */
  void disconnected(int reasonCode, long expirySeconds);

  /** The connection is gone, by neither {@link Link#close} nor DISCONNECT. */
  void lost();
}
