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
 * <p>The owner of the cluster decides (for a new one, the owner of its folder), so that it keeps
 * working however it is started. An ordinary user runs it directly; root becomes that user. What
 * belongs to root is served from an unmapped user namespace (inside it root is nobody, outside it
 * is still root), and where namespaces are forbidden it is handed over to nobody. The namespace
 * also serves users without a name, whom initdb refuses.
 *
 * @param owner of the files on the disk
 * @param prefix of a command that shall run under this account
 */
record Account(int owner, List<String> prefix) {
  private static final Path SELF = Path.of("/proc/self");
  private static final int ROOT = 0;
  private static final int NOBODY = 65534;
  private static final List<String> NAMESPACE = List.of("unshare", "-U", "--");

  static Account serving(Cluster cluster) {
    Path decides = Files.exists(cluster.data()) ? cluster.data() : cluster.folder();
    int self = owner(SELF);
    int owner = owner(decides);
    if (self != ROOT && self != owner) {
      throw new EmbeddedDatabaseException(
          decides + " belongs to user " + owner + " and this process runs as user " + self);
    }
    boolean named = hasName(decides);
    if (owner != ROOT && named) {
      return user(owner);
    }
    if (!Shell.succeeds("unshare", "-U", "true")) {
      return user(owner == ROOT ? NOBODY : owner);
    }
    return new Account(owner, Stream.concat(become(owner).stream(), NAMESPACE.stream()).toList());
  }

  /** This user as it is; another one than our own only if we are root. */
  static Account user(int id) {
    return new Account(id, become(id));
  }

  private static List<String> become(int id) {
    return id == owner(SELF)
        ? List.of()
        : List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs");
  }

  private static boolean hasName(Path file) {
    try {
      return !Files.getOwner(file).getName().equals(Integer.toString(owner(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether what we write belongs to this account already. */
  boolean isOurs() {
    return owner == owner(SELF);
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
    if (isOurs() || owner(folder) == owner) {
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

  /** Whether this account may enter a folder. Without its powers root may not enter each. */
  boolean enters(Path folder) {
    return prefix.isEmpty()
        || Shell.succeeds(command(List.of("test", "-x", folder.toString())).toArray(String[]::new));
  }

  /** Gives files in a folder to whom the folder belongs, so that it can start the next time. */
  static void leaveToOwner(Path folder) {
    if (owner(SELF) != ROOT) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      Object user = Files.getAttribute(folder, "unix:uid");
      Object group = Files.getAttribute(folder, "unix:gid");
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot leave the files in " + folder, e);
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
