package io.starling.testing.million;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;

/** A file of devices as a factory would send it; the same for the same seed. */
final class DeviceFile {
  static final int GROUPS = 5;

  private DeviceFile() {}

  /** Writes one, with titles. */
  static Path write(Path file, int devices, long seed) {
    var random = new Random(seed);
    try (var out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      out.write("id,serial_number,name,group,secret_hash\n");
      for (int i = 0; i < devices; i++) {
        out.write(
            "%s,SN-%08d,device-%07d,g%d,%s%n"
                .formatted(
                    hex(random, 12), i, random.nextInt(10_000_000), i % GROUPS, hex(random, 32)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static String hex(Random random, int bytes) {
    byte[] some = new byte[bytes];
    random.nextBytes(some);
    return HexFormat.of().formatHex(some);
  }
}
