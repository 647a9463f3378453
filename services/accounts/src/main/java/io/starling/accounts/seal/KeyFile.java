package io.starling.accounts.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** The key of one machine, a file that its user alone may read. */
public final class KeyFile {
  private static final String NAME = "secret.key";

  private final Path file;

  /** The one in a data folder. */
  public KeyFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /**
   * The keys in the file; makes it with a new one if it is not there. Blocks.
   *
   * @throws IOException if it cannot be read, or is not of keys
   */
  public List<SealKey> readOrMake() throws IOException {
    if (!Files.exists(file)) {
      make();
    }
    try {
      var keys = SealKey.parse(Files.readString(file));
      if (!keys.isEmpty()) {
        return keys;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    throw new IOException(file + " is empty");
  }

  /** Whole or not at all: a process that dies meanwhile leaves no half of a key. */
  private void make() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path half = file.resolveSibling(NAME + ".new");
    Files.deleteIfExists(half);
    var onlyMe = PosixFilePermissions.fromString("rw-------");
    try (var channel =
        Files.newByteChannel(
            half,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DSYNC),
            PosixFilePermissions.asFileAttribute(onlyMe))) {
      var text = StandardCharsets.UTF_8.encode(SealKey.create().text() + "\n");
      while (text.hasRemaining()) {
        var _ = channel.write(text);
      }
    }
    var _ = Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Where it is. */
  @Override
  public String toString() {
    return file.toString();
  }
}
