package io.starling.testing.account;

import io.starling.testing.client.Credentials;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A file of devices for fleets: one {@code id secret} a line, {@code #} for comments. */
public record FleetDevices(Path file) {

  /** The file in a data folder that {@link #fill} keeps. */
  public static FleetDevices in(Path dataFolder) {
    return new FleetDevices(dataFolder.resolve("fleet-devices"));
  }

  /**
   * All devices of the file; none if there is no file.
   *
   * @throws IllegalStateException with the line that is not {@code id secret}
   */
  public List<Credentials> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    var devices = new ArrayList<Credentials>();
    var number = 0;
    for (var line : lines()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var words = line.strip().split("\\s+", -1);
      if (words.length != 2) {
        throw new IllegalStateException(
            "%s, line %d: expected \"id secret\"".formatted(file, number));
      }
      devices.add(new Credentials(words[0], words[1]));
    }
    return List.copyOf(devices);
  }

  /** So many devices: those of the file, and new ones, which are added to the file. */
  public Future<List<Credentials>> fill(CloudApi api, String product, int count) {
    var kept = read();
    if (kept.size() >= count) {
      return Future.succeededFuture(kept.subList(0, count));
    }
    return api.createDevices(product, count - kept.size())
        .map(
            made -> {
              var all = new ArrayList<>(kept);
              all.addAll(made);
              write(all);
              return List.copyOf(all);
            });
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new IllegalStateException("could not read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Replaces the file at once, readable by its owner only from the first byte. */
  private void write(List<Credentials> devices) {
    var text = new StringBuilder("# Devices that scripts/device made for its fleets.\n");
    devices.forEach(d -> text.append(d.id()).append(' ').append(d.secret()).append('\n'));
    try {
      var mode = PosixFilePermissions.fromString("rw-------");
      var folder = file.toAbsolutePath().getParent();
      var next =
          Files.createTempFile(
              folder, "fleet-devices", "", PosixFilePermissions.asFileAttribute(mode));
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IllegalStateException("could not write " + file + ": " + e.getMessage(), e);
    }
  }
}
