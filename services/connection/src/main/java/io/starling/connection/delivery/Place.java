package io.starling.connection.delivery;

import io.starling.contract.JournalPosition;

/** The journal record that a message is of, or the page of retained messages. */
public record Place(int shard, JournalPosition position) {
  /** In the place of a shard, which are fewer: a page of retained messages, by its number. */
  static final int RETAINED = 255;

  static Place ofRetained(long page) {
    return new Place(RETAINED, new JournalPosition(page, 0));
  }
}
