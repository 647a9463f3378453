package io.starling.journal.disk;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' note of its term and vote. On a full disk Ratis replaces it by an empty file. Without it a
 * replica might vote twice in a term, so among others it must not start; alone it can go on from
 * the log's last term.
 */
final class TermNote {
  private static final Logger LOG = LoggerFactory.getLogger(TermNote.class);

  private TermNote() {}

  /**
   * Checks a group's note.
   *
   * @param lastTerm the term of the last entry in the log
   * @param alone this replica's name if it is the only one
   */
  static void check(Path group, long lastTerm, @Nullable String alone) throws IOException {
    Path folder = group.resolve("current");
    Path file = folder.resolve("raft-meta");
    if (Files.exists(file) ? valid(Files.readString(file)) : lastTerm == 0) {
      return;
    }
    if (alone == null) {
      throw new IOException(
          file
              + " is lost: this replica does not know whom it voted for. Replace it by an empty"
              + " disk");
    }
    JournalFolder.write(folder, "raft-meta", "term=" + lastTerm + "\nvotedFor=" + alone);
    LOG.warn("{} was lost, probably on a full disk; written anew with term {}", file, lastTerm);
  }

  private static boolean valid(String note) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(note));
    return List.of("term", "votedFor").stream().allMatch(properties::containsKey);
  }
}
