package io.starling.connection.mqtt;

import io.starling.connection.wire.PacketEncoder;
import io.starling.connection.wire.Properties;
import io.starling.connection.wire.Property;
import io.starling.contract.Event;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something to publish to clients; one object for all who get it. Topic and properties are encoded
 * once, and the properties only if an MQTT 5 client is among them. Belongs to one event loop.
 */
public final class Message {
  private static final int DUPLICATE = 8;
  private static final int RETAIN = 1;
  private static final byte[] NO_BYTES = {};
  private static final String DEVICE = "device";
  private static final String PUBLISHED_AT = "published_at";
  private static final int EXPIRY_BYTES = 5;

  private final String topic;
  private final @Nullable EventId id;
  private final boolean fromDevice;
  private final long publishedAtMillis;
  private final long expirySeconds;
  private final @Nullable String responseTopic;
  private Buffer payload;
  private Buffer passed;
  private boolean detached;
  private byte @Nullable [] topicBytes;
  private byte @Nullable [] properties;

  private Message(Event event) {
    this.topic = event.name();
    this.id = event.id();
    this.fromDevice = event.origin() == Origin.DEVICE;
    this.publishedAtMillis = event.publishedAtMillis();
    this.expirySeconds = event.manner().expirySeconds();
    this.responseTopic = null;
    this.payload = event.data();
    this.passed = event.manner().properties();
  }

  private Message(String topic, Buffer payload, @Nullable String responseTopic) {
    this.topic = topic;
    this.id = null;
    this.fromDevice = false;
    this.publishedAtMillis = 0;
    this.expirySeconds = Event.Manner.NEVER;
    this.responseTopic = responseTopic;
    this.payload = payload;
    this.passed = Buffer.buffer();
  }

  /**
   * An event, which may share the memory of a larger buffer. What its publisher said with it goes
   * along; of a device's also which that is, and when (MQTT 5).
   */
  public static Message of(Event event) {
    return new Message(event);
  }

  /** Something from the cloud itself to one device. */
  public static Message cloud(String topic, Buffer payload) {
    return new Message(topic, payload, null);
  }

  /** Something from the cloud that is to be answered. */
  public static Message request(String topic, Buffer payload, String responseTopic) {
    return new Message(topic, payload, responseTopic);
  }

  /** The flags of a PUBLISH that is sent for the first time (MQTT 5, section 3.3.1). */
  public static int flags(int qos, boolean retain) {
    return (qos << 1) | (retain ? RETAIN : 0);
  }

  /**
   * The flags of a PUBLISH that is sent again (MQTT 5, section 3.3.1.1), at the QoS that it had.
   */
  public static int again(int flags, int qos) {
    return DUPLICATE | flags(qos, (flags & RETAIN) != 0);
  }

  /** The QoS in the flags of a PUBLISH. */
  public static int qos(int flags) {
    return (flags >> 1) & 3;
  }

  /** The topic name. */
  public String topic() {
    return topic;
  }

  /** The event that it is; null if it is none. */
  public @Nullable EventId id() {
    return id;
  }

  /** The payload. */
  public Buffer payload() {
    return payload;
  }

  /** What keeping this in a queue counts for, bytes. */
  public int weight() {
    return payload.length() + passed.length() + topic.length() + 64;
  }

  /** Tells whether it may expire. */
  public boolean expires() {
    return expirySeconds != Event.Manner.NEVER;
  }

  /**
   * How many seconds it is still worth sending (MQTT 5, section 3.3.2.3.3), a second that has begun
   * counted whole; negative if it is not any more.
   */
  public long secondsLeft(long nowMillis) {
    long waited = Math.max(0, nowMillis - publishedAtMillis) / 1_000;
    return expirySeconds - waited;
  }

  /**
   * Makes the memory of payload and properties its own, so that a queued message does not keep a
   * whole batch alive.
   */
  public Message detach() {
    if (!detached) {
      payload = payload.copy();
      passed = passed.copy();
      detached = true;
    }
    return this;
  }

  /** The bytes of the whole packet, if the topic stands in it (MQTT 5, sections 2.1.4 and 3.3). */
  public long packetSize(int flags, boolean v5, int[] identifiers) {
    long rest = 2L + topicBytes().length + (qos(flags) > 0 ? 2 : 0) + payload.length();
    if (v5) {
      long block = sharedProperties().length;
      block += expires() ? EXPIRY_BYTES : 0;
      for (int identifier : identifiers) {
        block += 1L + PacketEncoder.lengthBytes(identifier);
      }
      rest += PacketEncoder.lengthBytes(block) + block;
    }
    return 1 + PacketEncoder.lengthBytes(rest) + rest;
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

  /** The properties that are the same for all, as they are written, without their length. */
  byte[] sharedProperties() {
    byte[] made = properties;
    if (made == null) {
      made = passed.length() == 0 && !fromDevice && responseTopic == null ? NO_BYTES : encoded();
      properties = made;
    }
    return made;
  }

  private byte[] encoded() {
    var own = Properties.builder().text(Property.RESPONSE_TOPIC, responseTopic);
    if (fromDevice && id != null) {
      own =
          own.user(DEVICE, id.origin().toString())
              .user(PUBLISHED_AT, Instant.ofEpochMilli(publishedAtMillis).toString());
    }
    byte[] more = PacketEncoder.body(own.build());
    return passed.length() == 0 ? more : passed.copy().appendBytes(more).getBytes();
  }
}
