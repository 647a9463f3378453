package io.starling.webhooks.shard;

import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.webhooks.delivery.Backlog;
import io.starling.webhooks.delivery.Mark;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One integration's way through one shard. While it keeps up it is fed by the reader of the whole
 * shard and counts for the main cursor. Otherwise it reads by itself, from {@link #readAt}, and has
 * a cursor of its own. The two are independent: one that is fed may still have a cursor of its own,
 * for a single delivery that takes long.
 */
final class Lane {
  /** How its own cursor is. It does not count for the main one only while that is held. */
  enum Pin {
    /** It has none. */
    NONE,
    /** It shall have one, but the relay has not confirmed it. */
    WANTED,
    /** The relay holds it. */
    HELD,
    /** It is of no use any more, but the relay may still hold it. */
    DROPPING
  }

  final Backlog backlog;

  /** Whether the reader of the whole shard offers events to it. */
  boolean fed;

  /** The first event that was not offered to it: earlier ones are not its business any more. */
  Mark readAt;

  /**
   * While what it holds goes to the database: up to here only what its backlog owes, from {@link
   * #readAt} on; null otherwise.
   */
  @Nullable Mark owedTo;

  /** Since when what it reads has to wait for what is parked; 0 if it does not. */
  long waitsSinceMillis;

  Pin pin = Pin.NONE;
  JournalPosition pinnedAt = JournalPosition.START;
  long pinnedAtMillis;
  long busyAtMillis;
  long readTurn;
  long againTurn;

  Lane(Backlog backlog, Mark readAt, boolean fed) {
    this.backlog = backlog;
    this.readAt = readAt;
    this.fed = fed;
  }

  IntegrationId integration() {
    return backlog.integration();
  }

  /** Where a cursor that covers it may stand at most; empty if it holds up nothing. */
  Optional<Mark> low() {
    var oldest = backlog.oldest();
    return oldest.isPresent() || fed ? oldest : Optional.of(readAt);
  }

  /** Tells whether it has something to read by itself. */
  boolean reads() {
    return !fed || backlog.isBehind();
  }

  /** Tells whether the reader of the whole shard is to offer it the event at a mark. */
  boolean wants(Mark mark) {
    return fed && !mark.isBefore(readAt);
  }

  /**
   * Where the first event is that was not offered to it.
   *
   * @param mainReadAt where the reader of the whole shard has come to
   */
  Mark front(Mark mainReadAt) {
    return fed && readAt.isBefore(mainReadAt) ? mainReadAt : readAt;
  }

  /** From here on it reads by itself. */
  void unfeed(Mark from) {
    fed = false;
    readAt = from;
  }
}
