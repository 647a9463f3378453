package io.starling.journal.disk;

import io.starling.journal.disk.SegmentScan.Frame;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every log file before Ratis does. What a power loss may leave is repaired: the end of the
 * one file that was being written is cut behind its last whole entry, which was never acknowledged,
 * since each entry is fsynced before the next is written; a copy of the cut bytes is kept.
 * Everything else that is not whole was acknowledged once: the journal does not open, and nothing
 * is changed.
 *
 * <p>Ratis alone would stop at a torn end, and would silently drop whole entries behind a broken
 * length.
 */
public final class LogCheck {
  private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);

  private final JournalFolder folder;

  public LogCheck(JournalFolder folder) {
    this.folder = folder;
  }

  /** How far a log goes. */
  private record End(long index, long term) {}

  /**
   * Checks all logs of the folder.
   *
   * @param alone this replica is the only one, so its lost notes of votes can be made up
   * @throws IOException in words for an operator, with the file's name
   */
  public void run(boolean alone) throws IOException {
    for (Path group : folder.groups()) {
      List<SegmentFile> segments = whole(group, SegmentFile.of(group));
      End end = new End(segments.isEmpty() ? -1 : segments.getFirst().first() - 1, 0);
      for (SegmentFile segment : segments) {
        end = segment.open() ? checkOpen(segment, end) : checkClosed(segment, end);
      }
      TermNote.check(group, end.term, alone ? folder.diskId() : null);
    }
  }

  /** The segments without gaps, from the snapshot on. */
  private static List<SegmentFile> whole(Path group, List<SegmentFile> found) throws IOException {
    long released = SegmentFile.snapshotIndex(group);
    List<SegmentFile> segments = new ArrayList<>();
    List<SegmentFile> leftovers = new ArrayList<>();
    long next = -1;
    for (SegmentFile segment : found) {
      if (next >= 0 && segment.first() != next) {
        if (segment.first() < next || next - 1 > released || segment.first() > released + 1) {
          throw damaged(segment.path(), 0, "the file before it should end where it begins");
        }
        leftovers.addAll(segments); // a purge was interrupted: it deletes the newest file first
        segments.clear();
      }
      segments.add(segment);
      next = segment.open() ? Long.MAX_VALUE : segment.last() + 1;
    }
    if (!segments.isEmpty() && segments.getFirst().first() > released + 1) {
      Path first = segments.getFirst().path();
      throw damaged(first, 0, "the entries before it, from " + (released + 1) + ", are missing");
    }
    for (SegmentFile leftover : leftovers) {
      Files.delete(leftover.path());
      LOG.warn("deleted {}, which an interrupted purge had left", leftover.path());
    }
    return segments;
  }

  private static End checkClosed(SegmentFile segment, End before) throws IOException {
    SegmentScan scan = new SegmentScan(Files.readAllBytes(segment.path()));
    if (!scan.hasHeader()) {
      throw damaged(segment.path(), 0, "it does not begin like a log file");
    }
    End end = before;
    int offset = SegmentScan.HEADER.length;
    while (end.index < segment.last()) {
      Frame frame = next(scan, offset, end);
      if (frame == null) {
        throw damaged(segment.path(), offset, "entry " + (end.index + 1) + " is not whole");
      }
      end = new End(frame.index(), frame.term());
      offset = frame.end();
    }
    return end;
  }

  private End checkOpen(SegmentFile segment, End before) throws IOException {
    SegmentScan scan = new SegmentScan(Files.readAllBytes(segment.path()));
    int offset = 0;
    End end = before;
    if (scan.hasHeader()) {
      offset = SegmentScan.HEADER.length;
      Frame frame = next(scan, offset, end);
      while (frame != null) {
        end = new End(frame.index(), frame.term());
        offset = frame.end();
        frame = next(scan, offset, end);
      }
    }
    if (scan.contentEnd() > offset) {
      Frame later = scan.findAfter(offset, end.index, end.term);
      if (later != null) {
        throw damaged(
            segment.path(),
            offset,
            "entry " + (end.index + 1) + " is not whole, but entry " + later.index() + " follows");
      }
      cut(segment.path(), offset, end.index);
    }
    return end;
  }

  private static @Nullable Frame next(SegmentScan scan, int offset, End end) {
    Frame frame = scan.frame(offset);
    return frame != null && frame.index() == end.index + 1 && frame.term() >= end.term
        ? frame
        : null;
  }

  private void cut(Path file, int offset, long lastIndex) throws IOException {
    Path aside = Files.createDirectories(folder.root().resolve("cut"));
    String name = folder.storage().relativize(file).toString().replace('/', '-');
    Path copy = aside.resolve(name + "-" + Instant.now().toEpochMilli());
    try (FileChannel log =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileChannel kept =
            FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long bytes = log.size() - offset;
      for (long done = 0; done < bytes; ) {
        done += log.transferTo(offset + done, bytes - done, kept);
      }
      kept.force(true);
      JournalFolder.sync(aside);
      var _ = log.truncate(offset);
      log.force(true);
      LOG.warn(
          "cut {} torn bytes of {} behind entry {}, at {}; copy in {}",
          bytes,
          file,
          lastIndex,
          offset,
          copy);
    }
  }

  private static IOException damaged(Path file, int offset, String what) {
    return new IOException(
        file
            + " is damaged at byte "
            + offset
            + ": "
            + what
            + ". Acknowledged entries may be lost. Nothing was changed: if other replicas are whole, set"
            + " this folder aside, start again as a new disk, and let that be taken in; else restore"
            + " the folder from a copy");
  }
}
