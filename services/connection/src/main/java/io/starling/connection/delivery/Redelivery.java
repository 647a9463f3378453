package io.starling.connection.delivery;

import io.starling.connection.delivery.Progress.Next;
import io.starling.connection.delivery.Progress.Sent;
import io.starling.connection.delivery.Waiting.Copy;
import io.starling.contract.JournalPosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kept session was sent over its former connection and has not finished with: it is sent
 * again under the same packet ids when it comes out of the journal, and what the client has
 * finished with is passed over (MQTT 5, section 4.4). Belongs to one event loop.
 */
final class Redelivery {
  private final Outbox outbox;
  private final Map<Source, Sent> again = new LinkedHashMap<>();
  private final @Nullable Next[] next;

  Redelivery(Outbox outbox, int shards) {
    this.outbox = outbox;
    this.next = new Next[shards];
  }

  /** Takes the packet ids that are in use, and asks for what the client has. */
  void begin(Progress progress) {
    for (var one : progress.sent()) {
      boolean taken = outbox.resume(one);
      if (one.source() != null) {
        again.put(one.source(), taken ? one : new Sent(0, one.stage(), one.source()));
      }
    }
    for (var one : progress.next()) {
      if (one.shard() < next.length) {
        next[one.shard()] = one;
      }
    }
  }

  /** Tells whether something is to be sent again. */
  boolean isOpen() {
    return !again.isEmpty();
  }

  /**
   * Takes what was read for the session.
   *
   * @return whether it is not to be sent as a new message
   */
  boolean took(Copy copy, Place place) {
    var id = copy.message().id();
    var sent = again.isEmpty() || id == null ? null : again.remove(Source.of(place, id));
    if (sent != null) {
      if (sent.packetId() > 0) {
        outbox.repeat(copy, sent.packetId());
      }
      return sent.packetId() > 0;
    }
    var from = next[place.shard()];
    return from != null && from.isBehind(place, copy.ordinal());
  }

  /** Sends something again that was in flight for a shared subscription; nothing else. */
  void repeat(Source source, Copy copy) {
    var sent = again.remove(source);
    if (sent != null && sent.packetId() > 0) {
      outbox.repeat(copy, sent.packetId());
    } else if (sent != null) {
      outbox.take(copy);
    }
  }

  /** All of a shard up to here was read: what did not come does not come any more. */
  void read(int shard, JournalPosition until) {
    giveUp(
        again.values().stream()
            .filter(one -> one.source() != null && one.source().shard() == shard)
            .filter(one -> one.source() != null && one.source().position().compareTo(until) < 0)
            .toList());
  }

  /** Everything was read. */
  void end() {
    giveUp(new ArrayList<>(again.values()));
  }

  private void giveUp(List<Sent> gone) {
    for (var one : gone) {
      again.values().remove(one);
      if (one.packetId() > 0) {
        outbox.forget(one.packetId());
      }
    }
  }
}
