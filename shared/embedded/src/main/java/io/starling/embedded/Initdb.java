package io.starling.embedded;

import io.starling.embedded.EmbeddedSettings.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Makes the files of a new cluster with our user and our database in it. */
record Initdb(Binaries binaries, Account account, Durability durability) {
  private static final String DATABASE = "create database " + Cluster.DATABASE + "\n";

  /** What a test does not need and every copy of the template would have to carry. */
  private static final String SLIM =
      """
      drop database postgres
      update pg_database set datistemplate = false where datname = 'template0'
      drop database template0
      """;

  /**
   * @param made the folder to make
   * @param password a file that this account may read
   */
  void run(Path made, Path password) throws IOException {
    boolean durable = durability == Durability.DURABLE;
    Files.createDirectory(
        made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    account.own(made);
    List<String> initdb = new ArrayList<>();
    initdb.add(binaries.program("initdb").toString());
    initdb.addAll(List.of("-D", made.toString(), "-U", Cluster.USER, "--pwfile=" + password));
    initdb.addAll(List.of("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"));
    initdb.addAll(List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    if (!durable) {
      initdb.addAll(List.of("--no-sync", "--wal-segsize=1"));
    }
    run(initdb, "");
    List<String> single = new ArrayList<>();
    single.add(binaries.program("postgres").toString());
    single.addAll(List.of("--single", "-D", made.toString()));
    if (!durable) {
      single.add("-F");
    }
    single.add("template1");
    run(single, durable ? DATABASE : DATABASE + SLIM);
  }

  /** Single-user mode ends with status 0 whatever became of the statements. */
  private void run(List<String> command, String input) throws IOException {
    String output = Shell.run(account.command(command), input);
    if (output.contains("ERROR:") || output.contains("FATAL:")) {
      throw new IOException(output.strip());
    }
  }
}
