package io.starling.relay.retained;

import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.vertx.core.buffer.Buffer;

/**
 * The last message of a topic.
 *
 * @param bytes the event, alone in the form of {@link EventBatch}; its own memory
 * @param expiresAtMillis {@link Long#MAX_VALUE} if never
 */
record RetainedMessage(EventId id, Origin origin, Buffer bytes, long expiresAtMillis) {
  /** A topic, and the map's entry for it. */
  private static final int OVERHEAD_BYTES = 200;

  static RetainedMessage of(Event event) {
    long seconds = event.manner().expirySeconds();
    return new RetainedMessage(
        event.id(),
        event.origin(),
        EventBatch.encode(event),
        seconds == Event.Manner.NEVER
            ? Long.MAX_VALUE
            : event.publishedAtMillis() + seconds * 1_000);
  }

  /** What it takes of the heap, about. */
  int weight() {
    return OVERHEAD_BYTES + bytes.length();
  }

  boolean hasExpired(long nowMillis) {
    return expiresAtMillis <= nowMillis;
  }

  /**
   * Tells whether an event was published before this one, or is this one: it was sent twice. Of two
   * clients nobody can tell but the log; a device's connections follow one another, while those of
   * a gateway's apps share an origin and do not.
   */
  boolean isAfter(EventId other) {
    if (!id.origin().equals(other.origin())) {
      return false;
    }
    return id.epoch() == other.epoch()
        ? other.sequence() <= id.sequence()
        : origin == Origin.DEVICE && other.epoch() < id.epoch();
  }
}
