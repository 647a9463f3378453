package io.starling.connection.mqtt;

import io.vertx.core.Future;
import java.util.List;

/**
 * What may be sent to one client. Used on the connection's event loop; after the connection is gone
 * every call does nothing.
 */
public interface Link {

  /** Tells whether reason codes and properties are understood. */
  boolean isV5();

  /** Who takes what the client sends; set before {@link #accept}. */
  void serve(Packets packets);

  /** CONNACK with success, and no session present. */
  void accept(Accepted accepted);

  /** CONNACK with a refusal, and the end of the connection. */
  void refuse(Refusal refusal);

  /** PUBACK. */
  void acknowledge(int packetId, AckCode code);

  /** SUBACK, one code for each filter in its order. */
  void subscribed(int packetId, List<Granted> granted);

  /** UNSUBACK, for each filter in its order whether there was such a subscription. */
  void unsubscribed(int packetId, List<Boolean> existed);

  /**
   * PUBLISH. There is no other back-pressure than the future, which completes when the packet has
   * been written to the socket.
   *
   * @param packetId ignored at QoS 0
   */
  Future<Void> publish(Message message, int qos, int packetId);

  /** Ends the connection, telling an MQTT 5 client why. {@link Packets#closed} is not called. */
  void close(CloseReason reason);
}
