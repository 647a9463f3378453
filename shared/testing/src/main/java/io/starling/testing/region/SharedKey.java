package io.starling.testing.region;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** What all nodes of a region seal secrets with: made once, a file in its folder. */
final class SharedKey {
  private static final int BYTES = 32;

  private SharedKey() {}

  /** In base64. */
  static synchronized String of(Path region) {
    Path file = region.resolve("secret.key");
    try {
      if (!Files.exists(file)) {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        Files.createDirectories(region);
        var onlyMe = PosixFilePermissions.fromString("rw-------");
        var _ = Files.createFile(file, PosixFilePermissions.asFileAttribute(onlyMe));
        var _ = Files.writeString(file, Base64.getEncoder().encodeToString(key));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
