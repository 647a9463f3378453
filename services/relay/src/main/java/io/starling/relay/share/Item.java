package io.starling.relay.share;

import io.starling.contract.JournalPosition;
import io.vertx.core.buffer.Buffer;

/**
 * An event of a shard.
 *
 * @param position of the record that it is of
 * @param event in the form of {@link io.starling.contract.EventBatch}, in memory of its own
 */
record Item(int shard, JournalPosition position, Buffer event) {
  int bytes() {
    return event.length();
  }
}
