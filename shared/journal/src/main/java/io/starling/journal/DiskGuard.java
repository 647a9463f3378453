package io.starling.journal;

import io.starling.journal.disk.JournalFolder;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How full the journal's disk is. Answers at once from the last look plus what was appended since;
 * thread-safe.
 *
 * <p>Callers refuse bulk, normal and critical events at fractions of their own; the journal refuses
 * everything once {@link #stopped()}, because a Ratis log that met a full disk is dead until the
 * process restarts.
 */
public final class DiskGuard {
  private final Path folder;
  private final FileStore store;
  private final long quotaBytes;
  private final long minFreeBytes;
  private final AtomicLong sinceLook = new AtomicLong();

  private volatile Look look;

  /** What is left of how much. */
  private record Look(long freeBytes, long totalBytes) {}

  DiskGuard(JournalFolder folder, long quotaBytes, long minFreeBytes) throws IOException {
    this.folder = folder.root();
    this.store = Files.getFileStore(folder.root());
    this.quotaBytes = quotaBytes;
    this.minFreeBytes = minFreeBytes;
    this.look = measure();
  }

  /** The fraction that is used, 0 to 1, of the quota or else of the file system. */
  public double used() {
    Look last = look;
    return last.totalBytes == 0 ? 1 : 1 - (double) Math.max(0, freeBytes()) / last.totalBytes;
  }

  /** Whether less than the floor is free: every append fails as FULL. */
  public boolean stopped() {
    return freeBytes() < minFreeBytes;
  }

  /** Free bytes, of the quota or of the file system, whichever ends first. */
  public long freeBytes() {
    return look.freeBytes - sinceLook.get();
  }

  void wrote(long bytes) {
    sinceLook.addAndGet(bytes);
  }

  /** Looks again. Blocks. */
  void turn() throws IOException {
    long before = sinceLook.get();
    look = measure();
    sinceLook.addAndGet(-before);
  }

  private Look measure() throws IOException {
    long usable = store.getUsableSpace();
    if (quotaBytes == 0) {
      // As df counts: what is reserved for others is neither used nor to be had.
      return new Look(usable, usable + store.getTotalSpace() - store.getUnallocatedSpace());
    }
    return new Look(Math.min(usable, quotaBytes - folderBytes()), quotaBytes);
  }

  private long folderBytes() throws IOException {
    AtomicLong bytes = new AtomicLong();
    var _ =
        Files.walkFileTree(
            folder,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE; // purged meanwhile
              }
            });
    return bytes.get();
  }
}
