package io.starling.journal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that takes up space in good times, to be dropped when a write has failed for want of it.
 */
public final class Ballast {
  private static final int CHUNK = 1024 * 1024;

  private final Path path;
  private final long bytes;

  public Ballast(JournalFolder folder, long bytes) {
    this.path = folder.root().resolve("ballast");
    this.bytes = bytes;
  }

  /**
   * Makes the file, if that leaves free what is asked for, and as much as its own size to start
   * with.
   */
  public void fill(long usableBytes, long minFreeBytes) throws IOException {
    long present = Files.exists(path) ? Files.size(path) : 0;
    if (present == bytes || usableBytes - (bytes - present) < Math.max(minFreeBytes, bytes)) {
      return;
    }
    try (FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (long left = bytes; left > 0; ) {
        left -= file.write(ByteBuffer.allocate((int) Math.min(CHUNK, left)));
      }
      file.force(true);
    }
  }

  /** Frees the space; true if there was any. */
  public boolean drop() throws IOException {
    return Files.deleteIfExists(path);
  }
}
