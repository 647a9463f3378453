package io.starling.journal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A log file of Ratis.
 *
 * @param first the index of its first entry, from its name
 * @param last the index of its last entry; OPEN if it is still written
 */
record SegmentFile(Path path, long first, long last) {
  static final long OPEN = Long.MAX_VALUE;

  private static final Pattern CLOSED_NAME = Pattern.compile("log_(\\d+)-(\\d+)");
  private static final Pattern OPEN_NAME = Pattern.compile("log_inprogress_(\\d+)");
  private static final Pattern SNAPSHOT_NAME = Pattern.compile("snapshot\\.(\\d+)_(\\d+)\\.md5");

  boolean open() {
    return last == OPEN;
  }

  /** The log files of a group, in order. */
  static List<SegmentFile> of(Path group) throws IOException {
    Path folder = group.resolve("current");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(SegmentFile::parse)
          .filter(Objects::nonNull)
          .sorted(Comparator.comparingLong(SegmentFile::first))
          .toList();
    }
  }

  private static @Nullable SegmentFile parse(Path path) {
    String name = String.valueOf(path.getFileName());
    Matcher closed = CLOSED_NAME.matcher(name);
    if (closed.matches()) {
      return new SegmentFile(
          path, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2)));
    }
    Matcher open = OPEN_NAME.matcher(name);
    return open.matches() ? new SegmentFile(path, Long.parseLong(open.group(1)), OPEN) : null;
  }

  /** The index of the newest whole snapshot of a group, or -1. */
  static long snapshotIndex(Path group) throws IOException {
    Path folder = group.resolve("sm");
    if (!Files.isDirectory(folder)) {
      return -1;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(path -> SNAPSHOT_NAME.matcher(String.valueOf(path.getFileName())))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(2)))
          .max()
          .orElse(-1);
    }
  }
}
