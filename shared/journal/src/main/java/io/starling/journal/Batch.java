package io.starling.journal;

import io.starling.journal.CursorWrites.CursorWrite;
import io.starling.journal.WaitingAppends.Append;
import io.vertx.core.Promise;
import java.util.List;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * What goes into one entry, and those who wait for it: each is told once how it ended. Thread-safe.
 */
final class Batch {
  private final List<Append> appends;
  private final List<CursorWrite> cursors;
  private final long bytes;
  private final long sinceNanos;

  Batch(List<Append> appends, List<CursorWrite> cursors, long sinceNanos) {
    this.appends = appends;
    this.cursors = cursors;
    this.bytes = Append.bytes(appends);
    this.sinceNanos = sinceNanos;
  }

  /** Payload bytes. */
  long bytes() {
    return bytes;
  }

  boolean isOlder(long nanos) {
    return sinceNanos - nanos < 0;
  }

  ByteString encode(long millis) {
    return new Entry(
            millis,
            cursors.stream().map(CursorWrite::change).toList(),
            appends.stream().map(Append::payload).toList())
        .encode();
  }

  /** It is in the log, as the entry of this index. */
  void committed(long index, JournalMeters.OfLog meters) {
    long now = System.nanoTime();
    int offset = 0;
    for (Append append : appends) {
      meters.committed(now - append.sinceNanos());
      append.promise().tryComplete(new Position(index, offset++));
    }
    cursors.forEach(write -> write.promises().forEach(Promise::tryComplete));
    meters.entry(appends.size(), bytes);
  }

  void fail(JournalException failure) {
    appends.forEach(append -> append.promise().tryFail(failure));
    cursors.forEach(write -> write.promises().forEach(promise -> promise.tryFail(failure)));
  }
}
