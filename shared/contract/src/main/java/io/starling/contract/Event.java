package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * One event, as it stands in the journal.
 *
 * @param id unique; repeated sends of one event bear the same id
 * @param origin who made it
 * @param account the topic space in which it is seen
 * @param product the product of the device, 0 if none
 * @param name the topic name it was published to; at most {@link #MAX_NAME_BYTES} bytes of UTF-8
 * @param data the payload; never changed after the event was made
 * @param eventClass what is refused and drained first
 * @param publishedAtMillis when the gateway took it in, milliseconds since 1970 UTC
 * @param manner what else its publisher said of it
 */
public record Event(
    EventId id,
    Origin origin,
    AccountId account,
    int product,
    String name,
    Buffer data,
    EventClass eventClass,
    long publishedAtMillis,
    Manner manner) {

  /** The longest event name. */
  public static final int MAX_NAME_BYTES = 1024;

  /** The largest payload that any edge may let in. */
  public static final int MAX_DATA_BYTES = 256 * 1024;

  /** An event of which nothing else was said. */
  public Event(
      EventId id,
      Origin origin,
      AccountId account,
      int product,
      String name,
      Buffer data,
      EventClass eventClass,
      long publishedAtMillis) {
    this(
        id,
        origin,
        account,
        product,
        name,
        data,
        eventClass,
        publishedAtMillis,
        Manner.of(1, false));
  }

  /** The same, published at another time. */
  public Event publishedAt(long millis) {
    return new Event(id, origin, account, product, name, data, eventClass, millis, manner);
  }

  /**
   * How an event was published, for those who get it over MQTT.
   *
   * @param qos 0 to 2; of events that were not published over MQTT 1
   * @param retain as it was published, for subscribers who asked to be told (MQTT 5, section
   *     3.8.3.1)
   * @param expirySeconds how long after it was published it is worth sending (section 3.3.2.3.3);
   *     {@link #NEVER} if always
   * @param properties of MQTT 5 that go to subscribers unaltered, as they are written there,
   *     without their length; never changed after the event was made
   */
  public record Manner(int qos, boolean retain, long expirySeconds, Buffer properties) {
    /** Of events that do not expire. */
    public static final long NEVER = -1;

    private static final Buffer NO_PROPERTIES = Buffer.buffer();
    private static final List<Manner> PLAIN =
        List.of(plain(0, false), plain(1, false), plain(2, false));
    private static final List<Manner> RETAINED =
        List.of(plain(0, true), plain(1, true), plain(2, true));

    private static Manner plain(int qos, boolean retain) {
      return new Manner(qos, retain, NEVER, NO_PROPERTIES);
    }

    /** Without expiry and properties. */
    public static Manner of(int qos, boolean retain) {
      return (retain ? RETAINED : PLAIN).get(qos);
    }

    /** Tells whether there is more than QoS and retain. */
    boolean isPlain() {
      return expirySeconds == NEVER && properties.length() == 0;
    }
  }
}
