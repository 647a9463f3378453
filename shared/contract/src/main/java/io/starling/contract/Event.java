package io.starling.contract;

import io.vertx.core.buffer.Buffer;

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
 */
public record Event(
    EventId id,
    Origin origin,
    AccountId account,
    int product,
    String name,
    Buffer data,
    EventClass eventClass,
    long publishedAtMillis) {

  /** The longest event name. */
  public static final int MAX_NAME_BYTES = 1024;

  /** The largest payload that any edge may let in. */
  public static final int MAX_DATA_BYTES = 256 * 1024;
}
