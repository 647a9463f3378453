package io.starling.webhooks.shard;

import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The cursors of one life of a follower. Everything before the main one is done, except for the
 * integrations that have a cursor of their own: for these, everything before that. A set counts
 * once it has a main cursor, and of several that have one the latest: an earlier one may be that of
 * a process which froze and goes on now, and which knows nothing of what others did meanwhile.
 */
record CursorSet(long life, JournalPosition main, Map<IntegrationId, JournalPosition> lanes) {

  /** The set that counts, among all cursors of a shard; empty if there is none. */
  static Optional<CursorSet> latest(Map<String, JournalPosition> held) {
    var life =
        held.keySet().stream()
            .flatMap(name -> CursorName.read(name).stream())
            .filter(CursorName::isMain)
            .mapToLong(CursorName::life)
            .max();
    return life.isPresent() ? Optional.of(of(life.getAsLong(), held)) : Optional.empty();
  }

  private static CursorSet of(long life, Map<String, JournalPosition> held) {
    var main = JournalPosition.START;
    var lanes = new HashMap<IntegrationId, JournalPosition>();
    for (var cursor : held.entrySet()) {
      var name = CursorName.read(cursor.getKey()).orElse(null);
      if (name == null || name.life() != life) {
        continue;
      }
      if (name.integration() == null) {
        main = cursor.getValue();
      } else {
        lanes.put(name.integration(), cursor.getValue());
      }
    }
    return new CursorSet(life, main, Map.copyOf(lanes));
  }

  /** The latest life of which there is any cursor, 0 if there is none. */
  static long lastLife(Map<String, JournalPosition> held) {
    return held.keySet().stream()
        .flatMap(name -> CursorName.read(name).stream())
        .mapToLong(CursorName::life)
        .max()
        .orElse(0);
  }

  /**
   * A life after all of which there are cursors.
   *
   * @param random keeps two apart that begin in the same millisecond
   */
  static long nextLife(Map<String, JournalPosition> held, long nowMillis, int random) {
    return Math.max(lastLife(held) + 1, nowMillis << 16 | (random & 0xffff));
  }
}
