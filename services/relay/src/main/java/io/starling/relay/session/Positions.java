package io.starling.relay.session;

import io.starling.contract.JournalPosition;
import java.util.ArrayList;
import java.util.List;

/** Where something stands in each shard, by its number; before everything in those not named. */
final class Positions {
  private Positions() {}

  /** In each shard the later of two. */
  static List<JournalPosition> later(List<JournalPosition> one, List<JournalPosition> other) {
    if (one.isEmpty() || one.equals(other)) {
      return other;
    }
    int shards = Math.max(one.size(), other.size());
    List<JournalPosition> later = new ArrayList<>(shards);
    for (int shard = 0; shard < shards; shard++) {
      var first = at(one, shard);
      var second = at(other, shard);
      later.add(first.compareTo(second) >= 0 ? first : second);
    }
    return List.copyOf(later);
  }

  private static JournalPosition at(List<JournalPosition> positions, int shard) {
    return shard < positions.size() ? positions.get(shard) : JournalPosition.START;
  }
}
