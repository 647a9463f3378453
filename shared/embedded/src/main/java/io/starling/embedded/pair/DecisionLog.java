package io.starling.embedded.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * One line for each thing that was done or has changed, with the time, in {@code decisions.log} and
 * to a listener. What is said again and again is written once.
 */
final class DecisionLog {
  private static final long LIMIT = 1 << 20;

  private final Path file;
  private final Consumer<String> listener;
  private String last = "";

  DecisionLog(Path file, Consumer<String> listener) {
    this.file = file;
    this.listener = listener;
  }

  void say(String text) {
    if (text.equals(last)) {
      return;
    }
    last = text;
    String line = Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + text;
    listener.accept(line);
    try {
      if (Files.exists(file) && Files.size(file) > LIMIT) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      listener.accept(line + " (" + file + " cannot be written: " + e + ")");
    }
  }
}
