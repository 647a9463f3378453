package io.starling.embedded;

import io.starling.embedded.EmbeddedSettings.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The files of one database in its folder: {@code data} (PostgreSQL's own), {@code password} (mode
 * 600, ours whatever account the server runs under), {@code postgres.log}.
 */
record Cluster(Path folder) {
  private static final Set<PosixFilePermission> PRIVATE_FOLDER =
      PosixFilePermissions.fromString("rwx------");
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

  /** Makes the cluster if there is none; refuses what is not one, or not of this version. */
  void prepare(Binaries binaries, Account account, Durability durability) {
    if (!Files.exists(data())) {
      create(binaries, account, durability);
    }
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

  private void create(Binaries binaries, Account account, Durability durability) {
    try {
      account.admit(folder);
      if (durability == Durability.FOR_TESTS && account.isOurs()) {
        Cluster template = template(binaries, account);
        writePrivately(folder.resolve("password"), template.password());
        Cache.publish(data(), made -> Cache.copy(template.data(), made));
      } else {
        initialize(
            binaries,
            account,
            durability == Durability.FOR_TESTS ? List.of("--no-sync") : List.of());
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot create a cluster in " + folder, e);
    }
  }

  /** A cluster to copy from, made once per user: a copy takes a tenth of the time of initdb. */
  private static Cluster template(Binaries binaries, Account account) throws IOException {
    Path home = Cache.folder().resolve("template-" + binaries.name());
    if (!Files.exists(home)) {
      Cache.publish(
          home,
          made -> {
            Files.createDirectory(made, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
            new Cluster(made).initialize(binaries, account, List.of("--no-sync"));
          });
    }
    return new Cluster(home);
  }

  /**
   * initdb and the database. The password is on the disk before the cluster is: a cluster without
   * its password could not be opened again.
   */
  private void initialize(Binaries binaries, Account account, List<String> options)
      throws IOException {
    Path password = folder.resolve("password");
    if (!Files.exists(password)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      writePrivately(password, HexFormat.of().formatHex(random));
    }
    Cache.publish(data(), made -> initialize(binaries, account, options, made));
  }

  private void initialize(Binaries binaries, Account account, List<String> options, Path made)
      throws IOException {
    Path handed = folder.resolve("password.initdb");
    try {
      Files.createDirectory(made, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
      writePrivately(handed, password());
      account.own(made);
      account.own(handed);
      List<String> initdb = new ArrayList<>();
      initdb.add(binaries.program("initdb").toString());
      initdb.addAll(List.of("-D", made.toString(), "-U", USER, "--pwfile=" + handed));
      initdb.addAll(List.of("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"));
      initdb.addAll(List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
      initdb.addAll(options);
      expectNoError(Shell.run(account.command(initdb), ""));
      String postgres = binaries.program("postgres").toString();
      // Single-user mode ends with status 0 whatever became of the statement.
      expectNoError(
          Shell.run(
              account.command(List.of(postgres, "--single", "-D", made.toString(), "template1")),
              "create database " + DATABASE + "\n"));
    } finally {
      Files.deleteIfExists(handed);
    }
  }

  private static void expectNoError(String output) throws IOException {
    if (output.contains("ERROR:") || output.contains("FATAL:")) {
      throw new IOException(output.strip());
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
