package io.starling.connection.mqtt;

import io.starling.connection.wire.Packet;
import org.jspecify.annotations.Nullable;

/**
 * The topics for which a client of MQTT 5 sends a number instead (section 3.3.2.3.4). Of one
 * connection; belongs to its event loop.
 */
final class KnownTopics {
  private final @Nullable String[] topics;

  /** For aliases from 1 to the maximum. */
  KnownTopics(int maximum) {
    this.topics = new String[maximum];
  }

  /**
   * The packet with its topic, which its alias stands for from then on; or, if the packet has none,
   * with the one that its alias stands for. Null if that is none.
   *
   * @param alias from 1 to the maximum
   */
  Packet.@Nullable Publish resolve(Packet.Publish publish, int alias) {
    if (!publish.topic().isEmpty()) {
      topics[alias - 1] = publish.topic();
      return publish;
    }
    String topic = find(alias);
    return topic.isEmpty()
        ? null
        : new Packet.Publish(
            publish.duplicate(),
            publish.qos(),
            publish.retain(),
            topic,
            publish.packetId(),
            publish.properties(),
            publish.payload());
  }

  /** The topic that an alias stands for; empty if it stands for none. */
  String find(int alias) {
    var topic = alias < 1 || alias > topics.length ? null : topics[alias - 1];
    return topic == null ? "" : topic;
  }
}
