package io.starling.journal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Groups whose first start was interrupted before their first entry, the list of members, was
 * written. Ratis would take up such a group without members and wait for ever to be added to it. So
 * while Ratis looks for groups they are set aside; then they are given back, to be added with their
 * members like new ones. What matters in them is the vote, which must not be forgotten.
 */
public final class UnfinishedGroups {
  private final JournalFolder folder;
  private final Path aside;

  public UnfinishedGroups(JournalFolder folder) {
    this.folder = folder;
    this.aside = folder.root().resolve("unfinished");
  }

  /** Sets them aside. Log files must have been checked before. */
  public void setAside() throws IOException {
    giveBack(); // from a start that was interrupted in between
    for (Path group : folder.groups()) {
      if (unfinished(group)) {
        move(group, Files.createDirectories(aside));
      }
    }
  }

  /** Gives them back. */
  public void giveBack() throws IOException {
    if (Files.isDirectory(aside)) {
      for (Path group : groups()) {
        move(group, folder.storage());
      }
      Files.delete(aside);
    }
  }

  private List<Path> groups() throws IOException {
    try (Stream<Path> groups = Files.list(aside)) {
      return groups.toList();
    }
  }

  private static void move(Path group, Path to) throws IOException {
    var _ = Files.move(group, to.resolve(group.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    JournalFolder.sync(to);
  }

  private static boolean unfinished(Path group) throws IOException {
    if (Files.exists(group.resolve("current").resolve("raft-meta.conf"))
        || SegmentFile.snapshotIndex(group) >= 0) {
      return false;
    }
    for (SegmentFile segment : SegmentFile.of(group)) {
      SegmentScan scan = new SegmentScan(Files.readAllBytes(segment.path()));
      if (scan.frame(SegmentScan.HEADER.length) != null) {
        return false;
      }
    }
    return true;
  }
}
