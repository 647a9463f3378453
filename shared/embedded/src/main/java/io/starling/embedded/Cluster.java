package io.starling.embedded;

import io.starling.embedded.EmbeddedSettings.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * The files of one database in its folder: {@code data} (PostgreSQL's own), {@code password} (mode
 * 600, ours whatever account the server runs under), {@code postgres.log}.
 */
record Cluster(Path folder) {
  private static final Set<PosixFilePermission> PRIVATE_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final long LOG_LIMIT = 8 << 20;
  static final String USER = "starling";
  static final String DATABASE = "starling";

  Path data() {
    return folder.resolve("data");
  }

  Path log() {
    return folder.resolve("postgres.log");
  }

  String password() {
    Path file = folder.resolve("password");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot read " + file, e);
    }
  }

  /** A folder that only we may read, made if it is not there. */
  static Path privateFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
    }
    return folder.toRealPath();
  }

  /** Puts a long log aside; the server must not run. */
  void rotateLog() {
    try {
      if (Files.exists(log()) && Files.size(log()) > LOG_LIMIT) {
        Files.move(
            log(), log().resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the cluster if there is none; refuses what is not one, or not of this version. */
  void prepare(Binaries binaries, Account account, Durability durability) {
    if (!Files.exists(data())) {
      create(new Initdb(binaries, account, durability));
    }
    check(binaries);
  }

  /** Refuses what is not a cluster, or not of this version. */
  void check(Binaries binaries) {
    Path version = data().resolve("PG_VERSION");
    if (!Files.isRegularFile(version)) {
      throw new EmbeddedDatabaseException(
          data() + " is not a PostgreSQL cluster: PG_VERSION is missing");
    }
    String found = read(version);
    if (!found.equals(binaries.major())) {
      throw new EmbeddedDatabaseException(
          "%s is a cluster of PostgreSQL %s and this is PostgreSQL %s: dump it with its own version"
                  .formatted(data(), found, binaries.major())
              + " and restore it here");
    }
  }

  private void create(Initdb initdb) {
    try {
      if (initdb.durability() == Durability.DURABLE) {
        initialize(initdb);
        Cache.flush(folder.resolve("password"));
        Cache.flush(folder);
      } else if (initdb.account().isOurs() && Cache.folder().isPresent()) {
        Cluster template = template(initdb, Cache.folder().get());
        writePrivately(folder.resolve("password"), template.password());
        Cache.publish(data(), made -> Cache.copy(template.data(), made));
      } else {
        initialize(initdb);
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot create a cluster in " + folder, e);
    }
  }

  /** A cluster to copy from, made once per user: a copy takes a tenth of the time of initdb. */
  private static Cluster template(Initdb initdb, Path cache) throws IOException {
    Path home = cache.resolve("template-" + initdb.binaries().name());
    if (!Files.exists(home)) {
      Cache.publish(
          home,
          made -> {
            Files.createDirectory(made, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
            new Cluster(made).initialize(initdb);
          });
    }
    return new Cluster(home);
  }

  /** The password is there before the cluster is: without it, that could not be opened again. */
  private void initialize(Initdb initdb) throws IOException {
    Path password = folder.resolve("password");
    if (!Files.exists(password)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      writePrivately(password, HexFormat.of().formatHex(random));
    }
    Path handed = folder.resolve("password.initdb");
    try {
      writePrivately(handed, password());
      initdb.account().own(handed);
      Cache.publish(data(), made -> initdb.run(made, handed));
    } finally {
      Files.deleteIfExists(handed);
    }
  }

  private static void writePrivately(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot read " + file, e);
    }
  }
}
