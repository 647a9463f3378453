package io.starling.standalone;

import java.io.PrintStream;

/**
 * What a person at the terminal sees of a start: one line a step, with the time since the start.
 * Thread-safe.
 */
final class Progress {
  private final PrintStream out;
  private final long startedNanos = System.nanoTime();

  Progress(PrintStream out) {
    this.out = out;
  }

  void step(String text) {
    out.printf("starling %5.1f s  %s%n", (System.nanoTime() - startedNanos) / 1e9, text);
  }

  void plain(String text) {
    out.println(text);
  }
}
