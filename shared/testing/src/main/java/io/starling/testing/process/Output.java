package io.starling.testing.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Reads a process's output to its end and keeps the last lines. Thread-safe. */
final class Output implements Runnable {
  private static final int KEPT = 2_000;

  private final InputStream stream;
  private final Deque<String> lines = new ArrayDeque<>();

  Output(InputStream stream) {
    this.stream = stream;
  }

  @Override
  public void run() {
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(output ended: " + e.getMessage() + ")");
    }
  }

  private synchronized void add(String line) {
    if (lines.size() == KEPT) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The first kept line with this text. */
  synchronized Optional<String> find(String text) {
    return lines.stream().filter(line -> line.contains(text)).findFirst();
  }
}
