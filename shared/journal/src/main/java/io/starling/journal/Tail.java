package io.starling.journal;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last applied entries of a log, up to a number of bytes, so that readers at the end of the log
 * cost neither a thread nor a disk. Thread-safe; written by the state machine's thread.
 */
final class Tail {
  private final long maxBytes;
  private final TreeMap<Long, List<Buffer>> entries = new TreeMap<>();
  private long bytes;

  /** Every record from this index up to {@link #end} is here. */
  private long floor;

  private long end;

  Tail(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Forgets everything: the next applied index is this one. */
  synchronized void reset(long index) {
    entries.clear();
    bytes = 0;
    floor = index;
    end = index;
  }

  synchronized void add(long index, List<Buffer> payloads) {
    end = index + 1;
    if (payloads.isEmpty()) {
      return;
    }
    entries.put(index, payloads);
    bytes += size(payloads);
    while (bytes > maxBytes && !entries.isEmpty()) {
      var oldest = entries.pollFirstEntry();
      bytes -= size(oldest.getValue());
      floor = oldest.getKey() + 1;
    }
  }

  /** The index behind the last applied one. */
  synchronized long end() {
    return end;
  }

  /** Null if some of it may have left the tail. */
  synchronized @Nullable ReadResult read(Position from, int maxBytes) {
    if (from.index() < floor) {
      return null;
    }
    Reading reading = new Reading(from, maxBytes);
    for (var entry : entries.tailMap(from.index()).entrySet()) {
      if (!reading.take(entry.getKey(), entry.getValue())) {
        return reading.result();
      }
    }
    reading.reachedBefore(end);
    return reading.result();
  }

  private static long size(List<Buffer> payloads) {
    long size = 0;
    for (Buffer payload : payloads) {
      size += payload.length();
    }
    return size;
  }

  /**
   * Collects records until the bytes that were asked for are used up; always at least one record.
   */
  static final class Reading {
    private final List<JournalRecord> records = new ArrayList<>();
    private long bytesLeft;
    private Position next;

    Reading(Position from, int maxBytes) {
      this.next = from;
      this.bytesLeft = maxBytes;
    }

    /** False when full. */
    boolean take(long index, List<Buffer> payloads) {
      int first = index == next.index() ? next.offset() : 0;
      for (int offset = first; offset < payloads.size(); offset++) {
        Buffer payload = payloads.get(offset);
        if (!records.isEmpty() && payload.length() > bytesLeft) {
          return false;
        }
        Position position = new Position(index, offset);
        records.add(new JournalRecord(position, payload));
        bytesLeft -= payload.length();
        next = position.next();
      }
      reachedBefore(index + 1);
      return bytesLeft > 0;
    }

    /** There is nothing more before this index. */
    void reachedBefore(long index) {
      if (index > next.index()) {
        next = new Position(index, 0);
      }
    }

    ReadResult result() {
      return new ReadResult(records, next);
    }
  }
}
