package io.starling.testing.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;

/**
 * A folder for a server's data that is gone afterwards, also after Ctrl-C: then it waits for this
 * process's children, which are ending at the same time.
 */
public final class TemporaryFolder implements AutoCloseable {
  private static final Duration CHILDREN_LIMIT = Duration.ofSeconds(15);

  private static final long POLL_NANOS = 50_000_000;

  private final Path path;
  private final Thread atExit = new Thread(this::removeWhenAlone, "remove-data");

  private TemporaryFolder(Path path) {
    this.path = path;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  public static TemporaryFolder create() {
    try {
      return new TemporaryFolder(Files.createTempDirectory("starling-data"));
    } catch (IOException e) {
      throw new IllegalStateException("no temporary folder: " + e.getMessage(), e);
    }
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM is ending; the hook finds nothing left.
    }
  }

  private void removeWhenAlone() {
    var deadline = System.nanoTime() + CHILDREN_LIMIT.toNanos();
    while (ProcessHandle.current().children().findAny().isPresent()
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    remove();
  }

  private void remove() {
    if (!Files.exists(path)) {
      return;
    }
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("could not remove " + path + ": " + e.getMessage());
    }
  }
}
