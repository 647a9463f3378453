package io.starling.connection.mqtt;

import io.starling.connection.wire.PacketEncoder;
import io.starling.connection.wire.Properties;
import io.starling.connection.wire.Property;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something to publish to clients; one object for all who get it. Topic and properties are encoded
 * once, and the properties only if an MQTT 5 client is among them. Belongs to one event loop.
 */
public final class Message {
  private static final byte[] NO_BYTES = {};
  private static final String DEVICE = "device";
  private static final String PUBLISHED_AT = "published_at";

  private final String topic;
  private final @Nullable String device;
  private final long publishedAtMillis;
  private final @Nullable String responseTopic;
  private Buffer payload;
  private boolean detached;
  private byte @Nullable [] topicBytes;
  private byte @Nullable [] properties;

  private Message(
      String topic,
      Buffer payload,
      @Nullable String device,
      long publishedAtMillis,
      @Nullable String responseTopic) {
    this.topic = topic;
    this.payload = payload;
    this.device = device;
    this.publishedAtMillis = publishedAtMillis;
    this.responseTopic = responseTopic;
  }

  /**
   * An event.
   *
   * @param payload may share the memory of a larger buffer
   * @param device where it came from, null if not from a device
   */
  public static Message event(
      String topic, Buffer payload, @Nullable String device, long publishedAtMillis) {
    return new Message(topic, payload, device, publishedAtMillis, null);
  }

  /** Something from the cloud itself to one device. */
  public static Message cloud(String topic, Buffer payload) {
    return new Message(topic, payload, null, 0, null);
  }

  /** Something from the cloud that is to be answered. */
  public static Message request(String topic, Buffer payload, String responseTopic) {
    return new Message(topic, payload, null, 0, responseTopic);
  }

  /** The topic name. */
  public String topic() {
    return topic;
  }

  /** The payload. */
  public Buffer payload() {
    return payload;
  }

  /** What keeping this in a queue counts for, bytes. */
  public int weight() {
    return payload.length() + topic.length() + 64;
  }

  /**
   * Makes the payload's memory its own, so that a queued message does not keep a whole batch alive.
   */
  public Message detach() {
    if (!detached) {
      payload = payload.copy();
      detached = true;
    }
    return this;
  }

  /** The bytes of the whole packet (MQTT 5, sections 2.1.4 and 3.3). */
  public long packetSize(int qos, boolean v5) {
    long rest = 2L + topicBytes().length + (qos > 0 ? 2 : 0) + payload.length();
    rest += properties(v5).length;
    return 1 + lengthBytes(rest) + rest;
  }

  private static int lengthBytes(long length) {
    return length < 1 << 7 ? 1 : length < 1 << 14 ? 2 : length < 1 << 21 ? 3 : 4;
  }

  /** The topic name as it is written. */
  byte[] topicBytes() {
    byte[] made = topicBytes;
    if (made == null) {
      made = topic.getBytes(StandardCharsets.UTF_8);
      topicBytes = made;
    }
    return made;
  }

  /** The properties as they are written, with their length; nothing in MQTT 3.1.1. */
  byte[] properties(boolean v5) {
    if (!v5) {
      return NO_BYTES;
    }
    byte[] made = properties;
    if (made == null) {
      made = PacketEncoder.block(properties(), true);
      properties = made;
    }
    return made;
  }

  private Properties properties() {
    var made = Properties.builder().text(Property.RESPONSE_TOPIC, responseTopic);
    if (publishedAtMillis > 0) {
      if (device != null) {
        made = made.user(DEVICE, device);
      }
      made = made.user(PUBLISHED_AT, Instant.ofEpochMilli(publishedAtMillis).toString());
    }
    return made.build();
  }
}
