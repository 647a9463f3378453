package io.starling.bootstrap.interest;

import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply.RecordAt;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * What a {@link LiveFeed} hands over: some of it may match nothing that was asked for.
 *
 * @param records the position of each journal record that some events are of, with the number of
 *     their bytes
 * @param events in the form of {@link io.starling.contract.EventBatch}
 * @param to everything that was asked for and is before this position has been handed over with it
 */
public record LiveEntries(int shard, List<RecordAt> records, Buffer events, JournalPosition to) {

  /** Without the records before a position. */
  LiveEntries from(JournalPosition position) {
    int skipped = 0;
    int bytes = 0;
    while (skipped < records.size() && records.get(skipped).position().compareTo(position) < 0) {
      bytes += records.get(skipped).bytes();
      skipped++;
    }
    return skipped == 0
        ? this
        : new LiveEntries(
            shard,
            records.subList(skipped, records.size()),
            events.slice(bytes, events.length()),
            to);
  }

  /** Without the records at a position and behind it. */
  LiveEntries until(JournalPosition position) {
    int kept = 0;
    int bytes = 0;
    while (kept < records.size() && records.get(kept).position().compareTo(position) < 0) {
      bytes += records.get(kept).bytes();
      kept++;
    }
    return new LiveEntries(
        shard,
        records.subList(0, kept),
        events.slice(0, bytes),
        to.compareTo(position) < 0 ? to : position);
  }
}
