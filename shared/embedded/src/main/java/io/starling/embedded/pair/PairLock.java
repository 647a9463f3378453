package io.starling.embedded.pair;

import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.FolderLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets one process at a time change something about a pair. */
record PairLock(Path file) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 20;

  void hold(Runnable work) {
    boolean _ =
        hold(
            () -> {
              work.run();
              return true;
            });
  }

  /**
   * Runs work while nobody else does.
   *
   * @throws EmbeddedDatabaseException if another one holds it for a minute
   */
  <T> T hold(Supplier<T> work) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try {
      Optional<FolderLock> lock = FolderLock.tryTake(file);
      while (lock.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new EmbeddedDatabaseException("another process holds " + file);
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        lock = FolderLock.tryTake(file);
      }
      try {
        return work.get();
      } finally {
        lock.get().release();
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot lock " + file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedDatabaseException("interrupted", e);
    }
  }
}
