package io.starling.connection.publish;

import io.starling.contract.Event;
import io.starling.contract.TopicFilter;
import java.nio.charset.StandardCharsets;

/** What a topic name means to the cloud. */
public final class TopicRules {
  private static final String CLOUD = "$cloud/";
  private static final String SPARK = "spark";
  private static final String PARTICLE = "particle";
  private static final int MOST_UTF8_BYTES_PER_CHAR = 3;

  private TopicRules() {}

  /** What a topic is. */
  public enum Kind {
    /** An event; the topic is its name. */
    EVENT,
    /** An event name that only the cloud may use. */
    RESERVED,
    /** Between a device and the cloud. */
    CLOUD,
    /** Starts with {@code $} and means nothing here. */
    OTHER,
    /** No topic name, or too long for an event. */
    INVALID
  }

  /** Sorts a topic name that a client publishes to. */
  public static Kind kindOf(String topic) {
    if (!TopicFilter.isTopicName(topic) || isTooLong(topic)) {
      return Kind.INVALID;
    }
    return switch (topic.charAt(0)) {
      case '$' -> topic.startsWith(CLOUD) ? Kind.CLOUD : Kind.OTHER;
      case 's' -> isBelow(topic, SPARK) ? Kind.RESERVED : Kind.EVENT;
      case 'p' -> isBelow(topic, PARTICLE) ? Kind.RESERVED : Kind.EVENT;
      default -> Kind.EVENT;
    };
  }

  private static boolean isTooLong(String topic) {
    return topic.length() > Event.MAX_NAME_BYTES / MOST_UTF8_BYTES_PER_CHAR
        && topic.getBytes(StandardCharsets.UTF_8).length > Event.MAX_NAME_BYTES;
  }

  private static boolean isBelow(String topic, String level) {
    return topic.startsWith(level)
        && (topic.length() == level.length() || topic.charAt(level.length()) == '/');
  }
}
