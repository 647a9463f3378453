package io.starling.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A copy of a running cluster as a standby of it: what pg_basebackup does, which does not come
 * along with the server.
 *
 * @param name by which the standby makes itself known to its primary
 */
record BaseBackup(Cluster source, String jdbcUrl, String host, int port, String name) {

  void into(Cluster target) throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('standby', true)");
      copy(source.data(), target.data());
      Files.copy(
          source.folder().resolve("password"),
          target.folder().resolve("password"),
          StandardCopyOption.COPY_ATTRIBUTES);
      try (var stopped = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        stopped.next();
        Files.writeString(target.data().resolve("backup_label"), stopped.getString(1));
      }
    }
    Files.createFile(target.data().resolve("standby.signal"));
    // In the file rather than on the command line, where every local user could read the password.
    // The last line of a name counts: that the source waits for a standby is not for the standby.
    Files.writeString(
        target.data().resolve("postgresql.auto.conf"),
        """
        primary_conninfo = 'host=%s port=%d user=%s password=%s application_name=%s'
        synchronous_standby_names = ''
        """
            .formatted(host, port, Cluster.USER, source.password(), name),
        StandardOpenOption.APPEND);
  }

  /** All but the log, which the standby streams, and what belongs to the running process. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                folder, to.resolve(from.relativize(folder)), StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path name = from.relativize(file);
            if (!name.startsWith("pg_wal") && !name.toString().startsWith("postmaster.")) {
              try {
                Files.copy(
                    file,
                    to.resolve(name),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    LinkOption.NOFOLLOW_LINKS);
              } catch (NoSuchFileException e) {
                return FileVisitResult.CONTINUE; // dropped since: replaying the log drops it too
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }
}
