package io.starling.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the disk of a cluster says of its timelines: each promotion begins the next one. */
record Timelines(Cluster cluster) {
  private static final Pattern LOG_FILE = Pattern.compile("([0-9A-F]{8})([0-9A-F]{16}|\\.history)");
  private static final Pattern LABEL = Pattern.compile("(?m)^START TIMELINE: ([0-9]+)$");

  /** The highest one of which there is log; 0 without a cluster. */
  long highest() {
    if (!Files.isDirectory(log())) {
      return 0;
    }
    try (Stream<Path> files = Files.list(log())) {
      long highest =
          files
              .map(file -> LOG_FILE.matcher(file.getFileName().toString()))
              .filter(Matcher::matches)
              .mapToLong(name -> Long.parseLong(name.group(1), 16))
              .max()
              .orElse(0);
      return highest > 0 ? highest : copied();
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot read " + log(), e);
    }
  }

  /** Adds what another cluster knows, for its own next one to be higher. */
  void learn(Timelines other, Account account) {
    if (!Files.isDirectory(other.log())) {
      return;
    }
    try (var histories = Files.newDirectoryStream(other.log(), "*.history")) {
      for (Path history : histories) {
        Path known = log().resolve(history.getFileName());
        if (!Files.exists(known)) {
          Path made = log().resolve(history.getFileName() + ".new");
          Files.copy(history, made, StandardCopyOption.REPLACE_EXISTING);
          account.own(made);
          Cache.flush(made);
          Files.move(made, known, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot copy from " + other.log(), e);
    }
  }

  /** A copy that has not streamed yet has no log of its own. */
  private long copied() throws IOException {
    Path label = cluster.data().resolve("backup_label");
    Matcher line = LABEL.matcher(Files.exists(label) ? Files.readString(label) : "");
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  private Path log() {
    return cluster.data().resolve("pg_wal");
  }
}
