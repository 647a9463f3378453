package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Events in their binary form, one behind the other: what gateways send, what stands in the
 * journal, what goes to the nodes that asked. Batches can be joined by joining their bytes.
 *
 * <p>One event, big endian: length of the rest (4), format (1), class (1), origin (1), flags (1),
 * origin id (12), epoch (8), sequence (8), account (12), product (4), published at, ms (8), name
 * length (2), name in UTF-8, data (the rest). Flags: QoS xor 1 (2 bits), retain (4). In format 2,
 * which is written where it is needed, stand between name and data: expiry, s, or -1 (8), length of
 * the properties (4), properties.
 *
 * <p>Not thread-safe; reading does not change the buffer, and slices share its memory.
 */
public final class EventBatch {
  private static final byte FORMAT = 1;
  private static final byte FORMAT_WITH_PROPERTIES = 2;
  private static final int AT_FORMAT = 4;
  private static final int CLASS = 5;
  private static final int ORIGIN = 6;
  private static final int FLAGS = 7;
  private static final int ID = 8;
  private static final int ACCOUNT = 36;
  private static final int PRODUCT = 48;
  private static final int PUBLISHED = 52;
  private static final int NAME_LENGTH = 60;
  private static final int NAME = 62;

  /** Zero is QoS 1: what says nothing of it is delivered at least once. */
  private static final int QOS_FLIP = 1;

  private static final int QOS_MASK = 3;
  private static final int MAX_QOS = 2;
  private static final int RETAIN = 4;

  /** Of the expiry and the length of the properties. */
  private static final int PROPERTIES_HEAD = 12;

  private final Buffer bytes;
  private int start;
  private int end;

  private EventBatch(Buffer bytes) {
    this.bytes = bytes;
  }

  /** A reader that stands before the first event of these bytes. */
  public static EventBatch of(Buffer bytes) {
    return new EventBatch(bytes);
  }

  /**
   * Appends one event.
   *
   * @throws IllegalArgumentException if the name or the data are too long
   */
  public static void write(Buffer target, Event event) {
    byte[] name = event.name().getBytes(StandardCharsets.UTF_8);
    var manner = event.manner();
    boolean plain = manner.isPlain();
    int properties = plain ? 0 : manner.properties().length();
    if (name.length > Event.MAX_NAME_BYTES
        || (long) event.data().length() + properties > Event.MAX_DATA_BYTES) {
      throw new IllegalArgumentException("event too large");
    }
    int more = plain ? 0 : PROPERTIES_HEAD + properties;
    target
        .appendInt(NAME - 4 + name.length + more + event.data().length())
        .appendByte(plain ? FORMAT : FORMAT_WITH_PROPERTIES)
        .appendByte(event.eventClass().code())
        .appendByte(event.origin().code())
        .appendByte((byte) ((manner.qos() ^ QOS_FLIP) | (manner.retain() ? RETAIN : 0)))
        .appendLong(event.id().origin().high())
        .appendInt(event.id().origin().low())
        .appendLong(event.id().epoch())
        .appendLong(event.id().sequence())
        .appendLong(event.account().high())
        .appendInt(event.account().low())
        .appendInt(event.product())
        .appendLong(event.publishedAtMillis())
        .appendUnsignedShort(name.length)
        .appendBytes(name);
    if (!plain) {
      target
          .appendLong(manner.expirySeconds())
          .appendInt(properties)
          .appendBuffer(manner.properties());
    }
    target.appendBuffer(event.data());
  }

  /** One event alone. */
  public static Buffer encode(Event event) {
    Buffer target =
        Buffer.buffer(
            NAME
                + event.name().length()
                + event.manner().properties().length()
                + event.data().length());
    write(target, event);
    return target;
  }

  /**
   * Steps to the next event; false behind the last one.
   *
   * @throws IllegalArgumentException if the bytes are not whole events of a known format
   */
  public boolean next() {
    if (end == bytes.length()) {
      return false;
    }
    start = end;
    if (bytes.length() - start < NAME) {
      throw new IllegalArgumentException("event cut short");
    }
    long length = bytes.getUnsignedInt(start) + 4;
    if (length < NAME || length > bytes.length() - start || nameEnd() > start + length) {
      throw new IllegalArgumentException("event with a wrong length");
    }
    byte format = bytes.getByte(start + AT_FORMAT);
    if (format != FORMAT && format != FORMAT_WITH_PROPERTIES) {
      throw new IllegalArgumentException("event of unknown format " + format);
    }
    if (format == FORMAT_WITH_PROPERTIES && !hasWholeProperties(start + length)) {
      throw new IllegalArgumentException("event with properties of a wrong length");
    }
    end = start + (int) length;
    return true;
  }

  private boolean hasWholeProperties(long eventEnd) {
    long from = nameEnd() + (long) PROPERTIES_HEAD;
    return from <= eventEnd && from + propertiesLength() <= eventEnd;
  }

  private long propertiesLength() {
    return bytes.getUnsignedInt(nameEnd() + 8);
  }

  private boolean isPlain() {
    return bytes.getByte(start + AT_FORMAT) == FORMAT;
  }

  private int dataStart() {
    return isPlain() ? nameEnd() : nameEnd() + PROPERTIES_HEAD + (int) propertiesLength();
  }

  /** The class of the event at hand. */
  public EventClass eventClass() {
    return EventClass.of(bytes.getByte(start + CLASS));
  }

  /** The origin of the event at hand. */
  public Origin origin() {
    return Origin.of(bytes.getByte(start + ORIGIN));
  }

  /** The account of the event at hand. */
  public AccountId account() {
    return new AccountId(bytes.getLong(start + ACCOUNT), bytes.getInt(start + ACCOUNT + 8));
  }

  /** Tells, without making an object, whether the event at hand belongs to the account. */
  public boolean isOf(AccountId account) {
    return bytes.getLong(start + ACCOUNT) == account.high()
        && bytes.getInt(start + ACCOUNT + 8) == account.low();
  }

  /** The name of the event at hand. */
  public String name() {
    return bytes.getString(start + NAME, nameEnd(), "UTF-8");
  }

  /** The id of the event at hand. */
  public EventId id() {
    int at = start + ID;
    return new EventId(
        new DeviceId(bytes.getLong(at), bytes.getInt(at + 8)),
        bytes.getLong(at + 12),
        bytes.getLong(at + 20));
  }

  /** How the event at hand was published; its properties share the memory of the batch. */
  private Event.Manner manner() {
    int flags = bytes.getByte(start + FLAGS);
    int qos = Math.min((flags & QOS_MASK) ^ QOS_FLIP, MAX_QOS);
    boolean retain = (flags & RETAIN) != 0;
    return isPlain()
        ? Event.Manner.of(qos, retain)
        : new Event.Manner(
            qos,
            retain,
            bytes.getLong(nameEnd()),
            bytes.slice(nameEnd() + PROPERTIES_HEAD, dataStart()));
  }

  /** The event at hand; its data share the memory of the batch. */
  public Event event() {
    return new Event(
        id(),
        origin(),
        account(),
        bytes.getInt(start + PRODUCT),
        name(),
        bytes.slice(dataStart(), end),
        eventClass(),
        bytes.getLong(start + PUBLISHED),
        manner());
  }

  /** Appends the event at hand, unread, to another batch. */
  public void copyTo(Buffer target) {
    target.appendBuffer(bytes, start, end - start);
  }

  /** The event at hand alone, unread, in memory of its own. */
  public Buffer copy() {
    return bytes.getBuffer(start, end);
  }

  /** Where the event at hand ends in the bytes. */
  public int end() {
    return end;
  }

  /** All events of a batch. */
  public static List<Event> decode(Buffer bytes) {
    var events = new ArrayList<Event>();
    for (var batch = of(bytes); batch.next(); ) {
      events.add(batch.event());
    }
    return events;
  }

  /**
   * The batch without the events that are less important than {@code least}: the same buffer if all
   * may stay, an empty one if none may.
   *
   * @param least the least important class that is let through
   */
  public static Buffer atLeast(Buffer bytes, EventClass least) {
    if (least == EventClass.BULK) {
      return bytes;
    }
    Buffer kept = Buffer.buffer();
    for (var batch = of(bytes); batch.next(); ) {
      if (batch.eventClass().compareTo(least) <= 0) {
        batch.copyTo(kept);
      }
    }
    return kept;
  }

  private int nameEnd() {
    return start + NAME + bytes.getUnsignedShort(start + NAME_LENGTH);
  }
}
