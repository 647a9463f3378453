package io.starling.journal.disk;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one replica, locked against other processes.
 *
 * <pre>
 *   lock           held while open
 *   disk-id        this disk's name, made once; the replica's peer id
 *   port           made once if none was configured
 *   ballast        bytes to free when the disk is full
 *   charter        what this disk knows of its membership, if there are several replicas
 *   raft/          Ratis' storage, a folder per log
 *   raft/disk-id   the disk the storage was written on
 *   cut/           what was cut from torn log files
 *   unfinished/    while opening: logs that were never finished starting
 *   aside/         what was here before the folder was set aside, a folder each time
 * </pre>
 */
public final class JournalFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFolder.class);

  private final Path root;
  private final FileChannel lockFile;
  private final String diskId;

  private JournalFolder(Path root, FileChannel lockFile, String diskId) {
    this.root = root;
    this.lockFile = lockFile;
    this.diskId = diskId;
  }

  /**
   * Locks the folder, making it and its disk id if they are new.
   *
   * @throws IOException in words for an operator, if it is in use or was put together from two
   *     disks
   */
  public static JournalFolder open(Path root) throws IOException {
    Files.createDirectories(root.resolve("raft"));
    FileChannel lockFile = lock(root);
    try {
      return new JournalFolder(root, lockFile, identify(root));
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileChannel lock(Path root) throws IOException {
    Path path = root.resolve("lock");
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = file.tryLock();
      if (lock != null) {
        return file; // the lock lives as long as the channel
      }
    } catch (OverlappingFileLockException e) {
      // held by this very process
    } catch (IOException e) {
      file.close();
      throw e;
    }
    file.close();
    throw new IOException("the journal folder " + root + " is in use by another process");
  }

  private static String identify(Path root) throws IOException {
    Path own = root.resolve("disk-id");
    Path ofStorage = root.resolve("raft").resolve("disk-id");
    if (!Files.exists(own)) {
      if (!groups(root.resolve("raft")).isEmpty() || Files.exists(ofStorage)) {
        throw new IOException(
            root
                + " holds logs but no disk-id: a replica must not take another name. Restore the file "
                + own
                + ", or start with an empty folder as a new replica");
      }
      write(root, "disk-id", UUID.randomUUID().toString());
    }
    String diskId = Files.readString(own).strip();
    if (!diskId.equals(UUID.fromString(diskId).toString())) {
      throw new IOException(own + " does not hold a disk id");
    }
    if (!Files.exists(ofStorage)) {
      write(root.resolve("raft"), "disk-id", diskId);
    }
    String writer = Files.readString(ofStorage).strip();
    if (!writer.equals(diskId)) {
      throw new IOException(
          "the logs in " + root + "/raft belong to disk " + writer + ", this is disk " + diskId);
    }
    return diskId;
  }

  /**
   * Makes a folder new: moves all that belongs to its disk below {@code aside/}, so that the next
   * start is that of a new disk. Deletes nothing. Can be repeated after an interruption.
   *
   * @return where it is now
   * @throws IOException in words for an operator, if the folder is in use or new already
   */
  public static Path setAside(Path root) throws IOException {
    try (FileChannel _ = lock(root)) {
      List<String> names =
          Stream.of("raft", "unfinished", "cut", "removed", "disk-id", "charter")
              .filter(name -> Files.exists(root.resolve(name)))
              .toList();
      if (names.isEmpty()) {
        throw new IOException(root + " is new: there is nothing to set aside");
      }
      Path aside =
          Files.createDirectories(
              root.resolve("aside").resolve(Instant.now().toString().replace(":", "")));
      for (String name : names) { // the charter last: without its logs it lets nothing start
        var _ = Files.move(root.resolve(name), aside.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
      sync(aside);
      sync(root);
      return aside;
    }
  }

  /** Reads a small file of the folder; null if there is none. */
  public @Nullable String note(String name) throws IOException {
    Path path = root.resolve(name);
    return Files.exists(path) ? Files.readString(path) : null;
  }

  /** Writes a small file of the folder: the old or the new content stands after a crash. */
  public void note(String name, String content) throws IOException {
    write(root, name, content);
  }

  static void write(Path folder, String name, String content) throws IOException {
    Path fresh = folder.resolve(name + ".new");
    Files.writeString(
        fresh,
        content + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    var _ = Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  /** Makes the names in a folder durable. */
  public static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static List<Path> groups(Path storage) throws IOException {
    try (Stream<Path> found = Files.list(storage)) {
      return found.filter(Files::isDirectory).sorted().toList();
    }
  }

  public String diskId() {
    return diskId;
  }

  public Path root() {
    return root;
  }

  /** Ratis' storage. */
  public Path storage() {
    return root.resolve("raft");
  }

  /** Folders of the logs that are on this disk. */
  public List<Path> groups() throws IOException {
    return groups(storage());
  }

  /** The port that was chosen before, or another one if it is taken now. */
  public int port() throws IOException {
    Path path = root.resolve("port");
    try {
      int port = Integer.parseInt(Files.readString(path).strip());
      if (free(port) == port) {
        return port;
      }
    } catch (NoSuchFileException e) {
      // the first start
    } catch (BindException e) {
      LOG.info("port {} is taken: {}", path, e.getMessage());
    } catch (NumberFormatException e) {
      throw new IOException(path + " does not hold a port", e);
    }
    int port = free(0);
    write(root, "port", Integer.toString(port));
    return port;
  }

  private static int free(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Lets other processes in. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
