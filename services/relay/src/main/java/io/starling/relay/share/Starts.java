package io.starling.relay.share;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SharedFilter;
import io.starling.journal.JournalLog;
import io.starling.journal.Position;
import io.starling.relay.shard.Shard;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the groups of a shard begin with a new leader: its cursors. They are marks, so that nothing
 * is kept for them that would be purged without.
 *
 * @param all where those begin that have no cursor of their own; nothing if they never gave any
 * @param own by account and text
 */
record Starts(Optional<JournalPosition> all, Map<String, JournalPosition> own) {
  private static final String ALL = JournalLog.MARK + "shared";
  private static final String OWN = ALL + ":";

  static Starts of(Map<String, Position> cursors) {
    var own = new HashMap<String, JournalPosition>();
    cursors.forEach(
        (name, at) -> {
          if (name.startsWith(OWN)) {
            own.put(name.substring(OWN.length()), Shard.position(at));
          }
        });
    return new Starts(Optional.ofNullable(cursors.get(ALL)).map(Shard::position), own);
  }

  /** The cursors that say so. */
  Map<String, JournalPosition> cursors() {
    var cursors = new HashMap<String, JournalPosition>();
    all.ifPresent(at -> cursors.put(ALL, at));
    own.forEach((key, at) -> cursors.put(OWN + key, at));
    return cursors;
  }

  /** Tells whether a cursor is one of these. */
  static boolean isCursor(String name) {
    return name.equals(ALL) || name.startsWith(OWN);
  }

  /** As it stands in the name of a group's own cursor. */
  static String key(AccountId account, SharedFilter filter) {
    return account + ":" + filter.text();
  }
}
