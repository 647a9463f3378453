package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The clients that {@code scripts/npm-clients} installs, and programs that run them. */
final class NpmClients {
  private NpmClients() {}

  /**
   * How a program ended.
   *
   * @param out what it printed, without what moves and colours at a terminal
   */
  record Ended(int status, String out) {}

  /** The folder that they stand in; where there is no npm, a failure that says so. */
  static Path folder() {
    Path root = Path.of("").toAbsolutePath().resolve("../..").normalize();
    var install = List.of(root.resolve("scripts/npm-clients").toString());
    var ended = ended(started(new ProcessBuilder(install)));
    assertThat(ended.status()).as(ended.out()).isZero();
    return Path.of(ended.out().lines().toList().getLast());
  }

  static Process started(ProcessBuilder program) {
    return startedIn(Path.of("."), program);
  }

  static Process startedIn(Path folder, ProcessBuilder program) {
    try {
      return program.directory(folder.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Ended ended(Process process) {
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), out.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "").strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
