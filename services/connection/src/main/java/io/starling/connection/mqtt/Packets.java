package io.starling.connection.mqtt;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What a client sends once it is connected. Called on the connection's event loop, in order. */
public interface Packets {

  /**
   * PUBLISH.
   *
   * @param packetId 0 or less at QoS 0
   * @param payload nobody changes it later
   */
  void publish(
      int packetId, int qos, boolean duplicate, boolean retain, String topic, Buffer payload);

  /** PUBACK, whatever its reason code. */
  void acknowledged(int packetId);

  /** SUBSCRIBE. */
  void subscribe(int packetId, List<Requested> filters);

  /** UNSUBSCRIBE. */
  void unsubscribe(int packetId, List<String> filters);

  /** PINGREQ, or another packet that changes nothing; it is answered already. */
  void ping();

  /** The client broke the protocol; the connection is still to be ended, with this reason. */
  void violated(CloseReason reason);

  /**
   * The connection is gone, and not by {@link Link#close}.
   *
   * @param disconnected whether the client said so with DISCONNECT
   */
  void closed(boolean disconnected);
}
