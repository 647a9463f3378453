package io.starling.embedded;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The unpacked server: bin, lib and share.
 *
 * <p>Unpacked once per user, into the cache folder, or into the database's own folder where the
 * cache cannot be written or is out of reach for the server's account. The name carries the
 * archive's checksum, so a newer version stands beside the older one.
 */
record Binaries(Path home) {

  /** Finds the unpacked server or unpacks it; several processes may do so at the same time. */
  static Binaries install(Path folder, Account account) {
    URL archive = archive();
    String name = "postgres-" + fingerprint(archive);
    List<Path> places =
        Stream.concat(Cache.folder().stream(), Stream.of(folder.resolve("server"))).toList();
    for (Path place : places) {
      try {
        Path home = place.resolve(name);
        if (!Files.exists(home)) {
          Cache.publish(home, temporary -> unpack(archive, temporary));
          if (place.startsWith(folder)) {
            account.admit(place);
          }
        }
        Binaries binaries = new Binaries(home);
        if (account.reads(binaries.program("postgres"))) {
          return binaries;
        }
      } catch (UncheckedIOException | IOException e) {
        if (place.startsWith(folder)) {
          throw new EmbeddedDatabaseException("cannot unpack PostgreSQL into " + place, e);
        }
      }
    }
    throw new EmbeddedDatabaseException(
        "user " + account.owner() + ", which PostgreSQL must run as, cannot reach " + folder);
  }

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /** The name of an unpacked server, unique per archive. */
  String name() {
    return home.getFileName().toString();
  }

  /** The major version, as PG_VERSION of a cluster has it. */
  String major() {
    Path catalog = home.resolve("share/postgresql/postgres.bki");
    try (BufferedReader lines = Files.newBufferedReader(catalog)) {
      return lines.readLine().replace("# PostgreSQL ", "").strip();
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot read " + catalog, e);
    }
  }

  private static URL archive() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    String file =
        switch (system) {
          case "Linux amd64" -> "postgres-linux-x86_64.txz";
          case "Linux aarch64" -> "postgres-linux-arm_64.txz";
          default ->
              throw new EmbeddedDatabaseException(
                  "no PostgreSQL comes along for " + system + ": configure one of your own");
        };
    URL url = Binaries.class.getClassLoader().getResource(file);
    if (url == null) {
      throw new EmbeddedDatabaseException(file + " is not on the class path");
    }
    return url;
  }

  private static String fingerprint(URL archive) {
    try {
      URLConnection connection = archive.openConnection();
      connection.setUseCaches(false);
      long id =
          connection instanceof JarURLConnection jar
              ? jar.getJarEntry().getCrc()
              : connection.getContentLengthLong();
      connection.getInputStream().close();
      return Long.toHexString(id);
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot read " + archive, e);
    }
  }

  private static void unpack(URL archive, Path target) throws IOException {
    Files.createDirectory(target);
    try (InputStream raw = archive.openStream();
        InputStream plain = new XZInputStream(new BufferedInputStream(raw, 1 << 16));
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("an entry leads out of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else {
          Files.createDirectories(path.getParent());
          write(tar, entry, path);
        }
      }
    }
    open(target);
  }

  /** Readable for the account that the server runs under, whatever our own mask is. */
  private static void open(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(target)) {
      for (Path folder : (Iterable<Path>) files.filter(Files::isDirectory)::iterator) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      boolean program = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
