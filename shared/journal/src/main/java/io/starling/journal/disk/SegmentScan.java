package io.starling.journal.disk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of a Ratis log file. Format, as of Ratis 3.3: {@code RaftLog1}, then frames of
 * varint length, entry, CRC32C of both in 4 bytes big-endian, then zeros or the end of the file. An
 * entry begins with its term (field 1) and its index (field 2, left out when 0), both varints.
 */
final class SegmentScan {
  static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.UTF_8);

  private static final int TERM_TAG = 0x08;
  private static final int INDEX_TAG = 0x10;
  private static final int CRC_BYTES = 4;

  /** A whole frame: the entry's place in Raft and the offset behind it. */
  record Frame(long term, long index, int end) {}

  private final byte[] bytes;
  private int at;

  SegmentScan(byte[] bytes) {
    this.bytes = bytes;
  }

  int length() {
    return bytes.length;
  }

  boolean hasHeader() {
    return bytes.length >= HEADER.length
        && Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length);
  }

  /** The frame at an offset, if what stands there is one. */
  @Nullable Frame frame(int offset) {
    at = offset;
    long length = varint();
    if (length <= 0 || length > bytes.length - at - CRC_BYTES) {
      return null;
    }
    int end = at + (int) length;
    long term = field(TERM_TAG);
    long index = field(INDEX_TAG);
    if (term < 0 || index < 0 || at > end || !crcMatches(offset, end)) {
      return null;
    }
    return new Frame(term, index, end + CRC_BYTES);
  }

  /** The first whole frame after an offset whose index is above the given one. */
  @Nullable Frame findAfter(int offset, long index, long term) {
    for (int start = offset + 1; start < bytes.length; start++) {
      at = start;
      // Cheap tests first: garbage has hardly ever a tag, a term and an index in the right places.
      if (varint() > 0
          && at < bytes.length
          && bytes[at] == TERM_TAG
          && field(TERM_TAG) >= term
          && field(INDEX_TAG) > index) {
        Frame found = frame(start);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** The offset behind the last byte that is not zero. */
  int contentEnd() {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private boolean crcMatches(int start, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, end - start);
    int stored = 0;
    for (int i = end; i < end + CRC_BYTES; i++) {
      stored = (stored << 8) | (bytes[i] & 0xff);
    }
    return (int) crc.getValue() == stored;
  }

  /** A varint field, 0 if it is left out, negative if it is broken. */
  private long field(int tag) {
    if (at >= bytes.length || bytes[at] != tag) {
      return 0;
    }
    at++;
    return varint();
  }

  /** Negative if it does not end or does not fit. */
  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 63 && at < bytes.length; shift += 7) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return -1;
  }
}
