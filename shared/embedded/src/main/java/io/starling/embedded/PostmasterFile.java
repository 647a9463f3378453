package io.starling.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file in which a server tells its process id and its state, and which bars another one. */
record PostmasterFile(Path path) {
  private static final int STATE_LINE = 7;

  static PostmasterFile of(Cluster cluster) {
    return new PostmasterFile(cluster.data().resolve("postmaster.pid"));
  }

  /** Empty without the file, and when it was torn. */
  Optional<Long> pid() {
    return lines().stream().findFirst().map(String::strip).flatMap(PostmasterFile::number);
  }

  /** Whether this process accepts connections. */
  boolean isReady(long pid) {
    List<String> lines = lines();
    return lines.size() > STATE_LINE
        && lines.getFirst().equals(Long.toString(pid))
        && lines.get(STATE_LINE).strip().equals("ready");
  }

  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot delete " + path, e);
    }
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(path);
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
