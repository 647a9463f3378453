package io.starling.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The account that PostgreSQL, which refuses to run as root, runs under.
 *
 * <p>An ordinary user runs it directly. For root, the owner of the cluster decides, so that a
 * folder keeps working however it is started: files of another user are served as that user; files
 * of root are served from an unmapped user namespace (root there is nobody, outside it is still
 * root), and where namespaces are forbidden they are handed over to nobody.
 */
record Account(int owner, List<String> prefix) {
  private static final int ROOT = 0;
  private static final int NOBODY = 65534;

  /** The account for this cluster, or for a new one if it does not exist yet. */
  static Account serving(Path cluster) {
    int self = owner(Path.of("/proc/self"));
    int owner = Files.exists(cluster) ? owner(cluster) : self;
    if (self != ROOT) {
      if (owner != self) {
        throw new EmbeddedDatabaseException(
            cluster + " belongs to user " + owner + " and this process runs as user " + self);
      }
      return new Account(self, List.of());
    }
    if (owner != ROOT) {
      return user(owner);
    }
    return Shell.succeeds("unshare", "-U", "true") ? namespace() : user(NOBODY);
  }

  /** Root without its powers: needs user namespaces. */
  static Account namespace() {
    return new Account(ROOT, List.of("unshare", "-U", "--"));
  }

  /** Another user: needs root. */
  static Account user(int id) {
    return new Account(
        id,
        List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs"));
  }

  /** Whether what we write belongs to this account already. */
  boolean isOurs() {
    return owner == owner(Path.of("/proc/self"));
  }

  /** Hands a file or a folder with all that is in it over to this account. */
  void own(Path tree) {
    if (isOurs()) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setAttribute(file, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot hand " + tree + " over to user " + owner, e);
    }
  }

  /** Lets this account pass through a folder of ours without reading it. */
  void admit(Path folder) {
    if (isOurs()) {
      return;
    }
    try {
      Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
      if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
        Files.setPosixFilePermissions(folder, permissions);
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot open " + folder + " to user " + owner, e);
    }
  }

  /** Whether this account may read (and so reach) a file. */
  boolean reads(Path file) {
    return isOurs()
        ? Files.isReadable(file)
        : Shell.succeeds(command(List.of("test", "-r", file.toString())).toArray(String[]::new));
  }

  List<String> command(List<String> command) {
    return Stream.concat(prefix.stream(), command.stream()).toList();
  }

  private static int owner(Path file) {
    try {
      return (int) Files.getAttribute(file, "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
