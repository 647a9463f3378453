package io.starling.webhooks.delivery;

import io.starling.contract.JournalPosition;

/**
 * A place between two events of one shard's journal.
 *
 * @param position of the record
 * @param event how many events of that record stand before it
 */
public record Mark(JournalPosition position, int event) implements Comparable<Mark> {

  /** Before the first event of a record. */
  public static Mark at(JournalPosition position) {
    return new Mark(position, 0);
  }

  /** Behind the event that stands at this mark. */
  public Mark after() {
    return new Mark(position, event + 1);
  }

  /** Tells whether this is before another. */
  public boolean isBefore(Mark other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(Mark other) {
    int first = position.compareTo(other.position);
    return first != 0 ? first : Integer.compare(event, other.event);
  }
}
