package io.starling.connection.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The control packets of MQTT (MQTT 5, chapter 3). In MQTT 3.1.1 properties are {@link
 * Properties#NONE} and reason codes 0, but for CONNACK and SUBACK.
 */
public sealed interface Packet extends Decoded {

  /**
   * CONNECT.
   *
   * @param level 3, 4 (MQTT 3.1.1) or 5
   * @param clientId may be empty
   */
  record Connect(
      int level,
      boolean cleanStart,
      int keepAliveSeconds,
      Properties properties,
      String clientId,
      @Nullable Will will,
      @Nullable String userName,
      @Nullable Buffer password)
      implements Packet {
    @Override
    public String toString() {
      return "Connect[" + level + ", " + clientId + ", " + userName + "]";
    }
  }

  /** What is to be published when the client is lost (section 3.1.2.5). */
  record Will(String topic, Buffer payload, int qos, boolean retain, Properties properties) {}

  /** CONNACK. */
  record Connack(boolean sessionPresent, int code, Properties properties) implements Packet {}

  /**
   * PUBLISH.
   *
   * @param topic empty only in MQTT 5, where an alias may stand for it
   * @param packetId 0 at QoS 0
   * @param payload belongs to this packet alone
   */
  record Publish(
      boolean duplicate,
      int qos,
      boolean retain,
      String topic,
      int packetId,
      Properties properties,
      Buffer payload)
      implements Packet {}

  /** PUBACK, of QoS 1. */
  record Puback(int packetId, int code, Properties properties) implements Packet {}

  /** PUBREC, the first answer of QoS 2. */
  record Pubrec(int packetId, int code, Properties properties) implements Packet {}

  /** PUBREL, the answer to PUBREC. */
  record Pubrel(int packetId, int code, Properties properties) implements Packet {}

  /** PUBCOMP, the answer to PUBREL. */
  record Pubcomp(int packetId, int code, Properties properties) implements Packet {}

  /** SUBSCRIBE; at least one filter. */
  record Subscribe(int packetId, Properties properties, List<Filter> filters) implements Packet {}

  /**
   * A topic filter with its options (section 3.8.3.1), which is not looked into here.
   *
   * @param retainHandling 0 to 2
   */
  record Filter(
      String filter, int qos, boolean noLocal, boolean retainAsPublished, int retainHandling) {}

  /** SUBACK, a code for each filter. */
  record Suback(int packetId, Properties properties, List<Integer> codes) implements Packet {}

  /** UNSUBSCRIBE; at least one filter. */
  record Unsubscribe(int packetId, Properties properties, List<String> filters) implements Packet {}

  /** UNSUBACK; a code for each filter in MQTT 5, none in 3.1.1. */
  record Unsuback(int packetId, Properties properties, List<Integer> codes) implements Packet {}

  /** PINGREQ. */
  record Pingreq() implements Packet {}

  /** PINGRESP. */
  record Pingresp() implements Packet {}

  /** DISCONNECT. */
  record Disconnect(int code, Properties properties) implements Packet {}

  /** AUTH, of MQTT 5. */
  record Auth(int code, Properties properties) implements Packet {}
}
