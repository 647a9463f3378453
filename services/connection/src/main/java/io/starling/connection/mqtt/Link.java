package io.starling.connection.mqtt;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be sent to one client. Used on the connection's event loop; after the connection is gone
 * every call does nothing.
 */
public interface Link {

  /** Tells whether reason codes and properties are understood. */
  boolean isV5();

  /** How the client is connected: {@code tcp}, {@code tls}, {@code ws} or {@code wss}. */
  String transport();

  /** Who takes what the client sends; set before {@link #accept}. */
  void serve(Packets packets);

  /** CONNACK with success. */
  void accept(Accepted accepted);

  /** CONNACK with a refusal, and the end of the connection. */
  default void refuse(Refusal refusal) {
    refuse(refusal, null);
  }

  /**
   * CONNACK with a refusal, and the end of the connection.
   *
   * @param serverReference where an MQTT 5 client may go instead (section 4.11), null if not known
   */
  void refuse(Refusal refusal, @Nullable String serverReference);

  /**
   * Leaves the CONNECT unanswered for now, and stops reading until {@link #resume}.
   *
   * @return completes if the client goes away before it is answered, else never
   */
  Future<Void> hold();

  /** Stops reading: no packet comes until {@link #resume}. */
  void pause();

  /** Reads on; no-op if it never stopped. What was held back may come before this returns. */
  void resume();

  /** PUBACK. */
  void acknowledge(int packetId, AckCode code);

  /** PUBREC. */
  void receive(int packetId, AckCode code);

  /** PUBREL. */
  void release(int packetId);

  /** PUBCOMP. */
  void complete(int packetId);

  /** SUBACK, one code for each filter in its order. */
  void subscribed(int packetId, List<Granted> granted);

  /** UNSUBACK, for each filter in its order whether there was such a subscription. */
  void unsubscribed(int packetId, List<Boolean> existed);

  /**
   * PUBLISH. The future is the back-pressure: it is complete while the socket has room, else it
   * completes when the packet has been written.
   *
   * @param flags as {@link Message#flags}
   * @param packetId ignored at QoS 0
   * @param identifiers of the subscriptions that it is for
   * @param expirySeconds how long it is still worth sending, negative if always
   */
  Future<Void> publish(
      Message message, int flags, int packetId, int[] identifiers, long expirySeconds);

  /** Ends the connection, telling an MQTT 5 client why. {@link Packets#lost} is not called. */
  default void close(CloseReason reason) {
    close(reason, null);
  }

  /**
   * The same.
   *
   * @param serverReference where an MQTT 5 client may go instead (section 4.11), null if not known
   */
  void close(CloseReason reason, @Nullable String serverReference);
}
