package io.starling.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The folder that a process keeps everything in, held by one process at a time. */
final class DataFolder implements AutoCloseable {
  private static final String SHARDS = "shards";

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Makes the folder if it is not there, and takes it.
   *
   * @param shards what the region is created with, or must have been created with
   * @throws StartRefused if it cannot be used, or another process has it
   */
  static DataFolder take(Path path, int shards) {
    try {
      Files.createDirectories(path);
      var channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var folder = new DataFolder(path, channel, lock(path, channel));
      folder.checkRegion(shards);
      return folder;
    } catch (IOException e) {
      throw new StartRefused("the data folder " + path + " cannot be used: " + reason(e));
    }
  }

  private static FileLock lock(Path path, FileChannel channel) throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new StartRefused("another Starling is running on the data folder " + path);
    }
    return lock;
  }

  private void checkRegion(int shards) throws IOException {
    Path file = path.resolve("region.properties");
    var region = new Properties();
    if (Files.exists(file)) {
      try (var in = Files.newBufferedReader(file)) {
        region.load(in);
      }
      String created = region.getProperty(SHARDS, "?");
      if (!created.equals(Integer.toString(shards))) {
        close();
        throw new StartRefused(
            "the data folder "
                + path
                + " was created with STARLING_SHARDS="
                + created
                + ", which cannot change, not "
                + shards);
      }
      return;
    }
    region.setProperty(SHARDS, Integer.toString(shards));
    Path temporary = path.resolve("region.properties.new");
    try (var out = Files.newBufferedWriter(temporary)) {
      region.store(out, "What this region was created with. Do not edit.");
    }
    Files.move(temporary, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      case java.nio.file.FileAlreadyExistsException _ -> "it is not a folder";
      case java.nio.file.FileSystemException file when file.getReason() != null ->
          String.valueOf(file.getReason());
      default -> String.valueOf(e.getMessage());
    };
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
