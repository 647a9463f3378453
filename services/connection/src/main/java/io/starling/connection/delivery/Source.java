package io.starling.connection.delivery;

import io.starling.contract.EventId;
import io.starling.contract.JournalPosition;

/**
 * Where a message of a kept session stands in the journal.
 *
 * @param shard whose record it is of
 * @param position of the record
 * @param mark tells it from the other events of the record
 */
public record Source(int shard, JournalPosition position, int mark) {

  static Source of(Place place, EventId id) {
    return new Source(place.shard(), place.position(), mark(id));
  }

  /** Of an event of a shared subscription: the same event may be in flight for itself as well. */
  static Source shared(int shard, JournalPosition position, EventId id, String filter) {
    return new Source(shard, position, 31 * mark(id) + filter.hashCode());
  }

  /** The mark of an event. */
  static int mark(EventId id) {
    long mixed = id.origin().high() * 31 + id.origin().low();
    mixed = (mixed * 31 + id.epoch()) * 31 + id.sequence();
    return Long.hashCode(mixed * 0x9E37_79B9_7F4A_7C15L);
  }
}
