package io.starling.journal;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Appends that wait for the next entry, in order. Guarded by the batcher's lock. */
final class WaitingAppends {
  /** Something to append, and who waits for it. */
  record Append(Buffer payload, Promise<Position> promise, long sinceNanos) {
    static long bytes(List<Append> appends) {
      return appends.stream().mapToLong(append -> append.payload.length()).sum();
    }
  }

  private final int maxBytesPerEntry;
  private final ArrayDeque<Append> waiting = new ArrayDeque<>();
  private long bytes;

  /** Nothing waits; no append may be larger than an entry. */
  WaitingAppends(int maxBytesPerEntry) {
    this.maxBytesPerEntry = maxBytesPerEntry;
  }

  void add(Append append) {
    waiting.addLast(append);
    bytes += append.payload.length();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Tells whether there is enough for an entry. */
  boolean fillsAnEntry() {
    return bytes >= maxBytesPerEntry || waiting.size() >= Entry.MAX_RECORDS;
  }

  /** The first ones, as many as go into an entry. */
  List<Append> takeEntry() {
    List<Append> taken = new ArrayList<>();
    long takenBytes = 0;
    Append first = waiting.peekFirst();
    while (first != null
        && taken.size() < Entry.MAX_RECORDS
        && takenBytes + first.payload.length() <= maxBytesPerEntry) {
      taken.add(waiting.removeFirst());
      takenBytes += first.payload.length();
      first = waiting.peekFirst();
    }
    bytes -= takenBytes;
    return taken;
  }

  /** Those that have waited since before this time. */
  List<Append> takeOlder(long nanos) {
    List<Append> taken = new ArrayList<>();
    Append first = waiting.peekFirst();
    while (first != null && first.sinceNanos - nanos < 0) {
      taken.add(waiting.removeFirst());
      bytes -= first.payload.length();
      first = waiting.peekFirst();
    }
    return taken;
  }

  List<Append> takeAll() {
    List<Append> taken = List.copyOf(waiting);
    waiting.clear();
    bytes = 0;
    return taken;
  }
}
