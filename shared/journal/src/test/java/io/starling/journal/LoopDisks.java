package io.starling.journal;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Small ext4 disks whose power can be lost. Each is an image behind a loop device: what reached the
 * image has reached the disk, what only the kernel has in memory has not. Disks are numbered from
 * 0. Needs root; {@link #close} unmounts everything, which also frees the loop devices.
 *
 * <p>The images lie on one more disk of this kind, which can be frozen: so the copy of an image is
 * what was on the disk at one moment, while whoever writes to it goes on.
 */
final class LoopDisks implements AutoCloseable {
  private static final int OUTER_MIB = 320;
  private static final int INNER_MIB = 64;
  private static final long LIMIT_SECONDS = 60;

  /**
   * Nothing gets to these disks by itself within minutes: neither by the file system's own commits,
   * nor because a file was renamed. Their small journals wrap often.
   */
  private static final String FUNCTIONS =
      """
      make_image() { # IMAGE MIB
        truncate -s "$2M" "$1"
        mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0,nodiscard -J size=4 "$1"
      }
      mount_image() { # IMAGE POINT
        mount -t ext4 -o loop,noatime,commit=300,noauto_da_alloc "$1" "$2"
      }
      copy_frozen() { # POINT IMAGE COPY
        trap "fsfreeze -u '$1'" EXIT
        fsfreeze -f "$1"
        cp --sparse=always "$2" "$3"
      }
      replace_image() { # IMAGE COPY
        rm "$1"
        cp --sparse=always "$2" "$1"
        rm "$2"
      }
      mount_deceitful() { # DISK POINT
        sync -f "$1"
        mkdir "$1/none" "$1/work" "$2"
        mount -t overlay -o "volatile,lowerdir=$1/none,upperdir=$1/data,workdir=$1/work" none "$2"
      }
      "$@"
      """;

  private final Path root;
  private final int disks;
  private final List<Path> mounted = new ArrayList<>();
  private final Set<Integer> deceitful = new HashSet<>();

  private LoopDisks(Path root, int disks) {
    this.root = root;
    this.disks = disks;
  }

  /** Why there cannot be such disks here; empty: there can. */
  static Optional<String> refusal(Path root) throws IOException {
    try (LoopDisks one = new LoopDisks(Files.createDirectory(root.resolve("try")), 1)) {
      one.make();
      one.deceive(0);
      one.losePower(0);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Empty disks, mounted. */
  static LoopDisks of(Path root, int disks) throws IOException {
    LoopDisks made = new LoopDisks(root, disks);
    try {
      made.make();
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private void make() throws IOException {
    run("make_image", outer() + ".img", OUTER_MIB);
    Path _ = Files.createDirectory(outer());
    mount(outer() + ".img", outer());
    for (int disk = 0; disk < disks; disk++) {
      run("make_image", image(disk), INNER_MIB);
      Path _ = Files.createDirectory(point(disk));
      mount(image(disk), point(disk));
      Path _ = Files.createDirectory(point(disk).resolve("data"));
    }
  }

  private void mount(Object image, Path point) throws IOException {
    run("mount_image", image, point);
    mounted.addLast(point);
  }

  private Path outer() {
    return root.resolve("outer");
  }

  private Path image(int disk) {
    return outer().resolve("disk" + disk + ".img");
  }

  private Path point(int disk) {
    return root.resolve("disk" + disk);
  }

  private Path overlay(int disk) {
    return root.resolve("deceitful" + disk);
  }

  private Path copy(int disk) {
    return root.resolve("left" + disk + ".img");
  }

  /** Where a disk keeps what is written to it. */
  Path folder(int disk) {
    return deceitful.contains(disk) ? overlay(disk) : point(disk).resolve("data");
  }

  /** From now on fsync does nothing on this disk. */
  void deceive(int disk) throws IOException {
    run("mount_deceitful", point(disk), overlay(disk));
    deceitful.add(disk);
    mounted.addLast(overlay(disk));
  }

  /** Keeps what would be on the disk if the power went now; those who write do not notice. */
  void losePower(int disk) throws IOException {
    run("copy_frozen", outer(), image(disk), copy(disk));
  }

  /** Replaces every disk, to which nobody may write any more, with what the power loss left. */
  void comeBack() throws IOException {
    while (mounted.size() > 1) {
      unmount(mounted.removeLast());
    }
    for (int disk = 0; disk < disks; disk++) {
      if (deceitful.remove(disk)) {
        Files.delete(overlay(disk));
      }
      run("replace_image", image(disk), copy(disk));
      mount(image(disk), point(disk));
    }
  }

  /** Lazily, as nothing may keep a loop device after a failed test. */
  private static void unmount(Path path) throws IOException {
    run("umount", "-l", path);
  }

  private static void run(String function, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-euc", FUNCTIONS, "sh", function));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path told = Files.createTempFile("disks", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(told.toFile()))
              .start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(function + " hangs");
      }
      if (process.exitValue() != 0) {
        String text = Files.readString(told, StandardCharsets.UTF_8).strip();
        throw new IOException("%s failed: %s".formatted(function, text));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.delete(told);
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!mounted.isEmpty()) {
      try {
        unmount(mounted.removeLast());
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
