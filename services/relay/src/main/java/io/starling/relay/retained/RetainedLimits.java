package io.starling.relay.retained;

import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How much is kept. What is on its way when a limit is looked at may go beyond it, by a batch of
 * each gateway.
 */
record RetainedLimits(int messages, long bytes, int messagesOfAccount, long bytesOfAccount) {
  /** A tenth of all: no account takes the room of the others. All of it is in the heap. */
  static final RetainedLimits DEFAULT = new RetainedLimits(200_000, 128L << 20, 20_000, 12L << 20);

  /** The accounts of a batch for which there is no room. */
  List<AccountId> full(Buffer events, RetainedState state) {
    Set<AccountId> full = new HashSet<>();
    for (var batch = EventBatch.of(events); batch.next(); ) {
      var event = batch.event();
      if (event.data().length() > 0 && !hasRoom(event, state)) {
        full.add(event.account());
      }
    }
    return List.copyOf(full);
  }

  private boolean hasRoom(Event event, RetainedState state) {
    var space = state.find(event.account());
    if (space == null) {
      return state.size() < messages && state.bytes() < bytes;
    }
    boolean isNew = !space.topics().containsKey(event.name());
    return (!isNew || (state.size() < messages && space.size() < messagesOfAccount))
        && state.bytes() < bytes
        && space.bytes() < bytesOfAccount;
  }

  /** What is left of a batch without the messages of these accounts. */
  static Buffer without(List<AccountId> full, Buffer events) {
    if (full.isEmpty()) {
      return events;
    }
    var kept = Buffer.buffer();
    for (var batch = EventBatch.of(events); batch.next(); ) {
      if (!full.contains(batch.account()) || batch.event().data().length() == 0) {
        batch.copyTo(kept);
      }
    }
    return kept;
  }
}
