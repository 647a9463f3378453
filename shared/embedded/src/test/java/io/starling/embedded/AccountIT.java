package io.starling.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only root meets: PostgreSQL refuses to run as root. */
@Timeout(120)
class AccountIT {
  private static final int NOBODY = 65534;
  private static final int USER = 54321;

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void onlyAsRoot() throws IOException {
    assumeThat(owner(Path.of("/proc/self"))).isZero();
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    folder = temporary.resolve("database");
  }

  @Test
  void staysRootsOutsideItsNamespace() throws Exception {
    assumeThat(Shell.succeeds("unshare", "-U", "true")).isTrue();
    try (var database = EmbeddedDatabase.start(folder, EmbeddedSettings.forTests())) {
      execute(database, "create table kept as select 1");
      assertThat(owner(folder.resolve("data"))).isZero();
    }
  }

  @Test
  void servesAsNobodyWhereNamespacesAreForbidden() throws Exception {
    try (var database =
        EmbeddedDatabase.open(folder, EmbeddedSettings.forTests(), Account.user(NOBODY))) {
      execute(database, "create table kept as select 1");
      assertThat(owner(folder.resolve("data"))).isEqualTo(NOBODY);
      assertThat(owner(folder.resolve("password"))).isZero();
    }
    try (var database = EmbeddedDatabase.start(folder, EmbeddedSettings.durable())) {
      execute(database, "insert into kept values (2)"); // goes on as the owner of the files
      assertThat(owner(folder.resolve("data"))).isEqualTo(NOBODY);
    }
  }

  @Test
  void servesAsTheOwnerOfTheFolderAndLeavesEverythingToIt() throws Exception {
    Files.createDirectory(folder);
    Files.setAttribute(folder, "unix:uid", USER);
    Files.setAttribute(folder, "unix:gid", USER);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try (var database = EmbeddedDatabase.start(folder, EmbeddedSettings.durable())) {
      execute(database, "create table kept as select 1");
    }
    for (String file : new String[] {"data", "data/base", "password", "postgres.log", "lock"}) {
      assertThat(owner(folder.resolve(file))).as(file).isEqualTo(USER);
    }
  }

  private static int owner(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid");
  }

  private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(database.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
