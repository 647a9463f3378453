package io.starling.firmware.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The layout on disk: {@code blobs/ab/abcd…} what is whole, {@code uploads/…} what is not yet.
 * Blocks its callers; thread-safe as far as the file system is.
 */
final class BlobFolder {
  private static final int PREFIX = 2;

  private final Path blobs;
  private final Path uploads;

  BlobFolder(Path folder) throws IOException {
    blobs = Files.createDirectories(folder.resolve("blobs"));
    uploads = Files.createDirectories(folder.resolve("uploads"));
    sync(folder);
  }

  Path blob(BlobId id) {
    return blobs.resolve(id.hex().substring(0, PREFIX)).resolve(id.hex());
  }

  Path upload(String name) {
    return uploads.resolve(name);
  }

  long freeBytes() throws IOException {
    return Files.getFileStore(blobs).getUsableSpace();
  }

  /** Gives what is uploaded, whole and on disk, its name. */
  void keep(Path upload, BlobId id) throws IOException {
    var to = blob(id);
    var parent = blobs.resolve(id.hex().substring(0, PREFIX));
    if (!Files.isDirectory(parent)) {
      Files.createDirectories(parent);
      sync(blobs);
    }
    Files.move(upload, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(parent);
    sync(uploads);
  }

  /** Makes the names in the folder of uploads last. */
  void syncUploads() throws IOException {
    sync(uploads);
  }

  /** False if there is none. */
  boolean remove(BlobId id) throws IOException {
    boolean was = Files.deleteIfExists(blob(id));
    if (was) {
      sync(blobs.resolve(id.hex().substring(0, PREFIX)));
    }
    return was;
  }

  /** Those whose names come behind another, in the order of their names. */
  List<BlobId> list(String after, int most) throws IOException {
    var found = new ArrayList<BlobId>();
    for (var part : children(blobs)) {
      if (part.getFileName().toString().compareTo(after) < 0
          && !after.startsWith(part.getFileName().toString())) {
        continue;
      }
      for (var file : children(part)) {
        String name = file.getFileName().toString();
        if (name.compareTo(after) > 0) {
          found.add(new BlobId(name));
        }
        if (found.size() == most) {
          return found;
        }
      }
    }
    return found;
  }

  /** Removes uploads that nobody has written to since; how many those were. */
  int forgetUploads(Instant before) throws IOException {
    int forgotten = 0;
    for (var file : children(uploads)) {
      try {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          forgotten += Files.deleteIfExists(file) ? 1 : 0;
        }
      } catch (NoSuchFileException _) {
        // It was finished meanwhile.
      }
    }
    return forgotten;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** What was renamed into a folder is there after a power cut only once the folder is on disk. */
  private static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
