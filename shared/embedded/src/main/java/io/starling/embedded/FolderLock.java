package io.starling.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps other processes from a folder. The kernel lets go of it when this process ends, however it
 * ends; the server itself does not inherit it.
 */
public record FolderLock(FileChannel channel) {

  static FolderLock take(Path folder) throws IOException {
    return tryTake(folder.resolve("lock"))
        .orElseThrow(() -> new EmbeddedDatabaseException(folder + " is in use by another process"));
  }

  /** Empty if another one holds this file, which is made if it is not there. */
  public static Optional<FolderLock> tryTake(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(channel)) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new FolderLock(channel));
  }

  /** Lets go of it. */
  public void release() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // we hold it ourselves
    }
  }
}
