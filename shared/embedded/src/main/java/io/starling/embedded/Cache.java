package io.starling.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folders that appear whole or not at all: made beside under a temporary name, then renamed. Of
 * several processes that make the same one, the first wins and the others use its work.
 */
final class Cache {
  private static final String TEMPORARY = ".making-";
  private static final Duration ABANDONED = Duration.ofHours(1);

  private Cache() {}

  /** Fills a folder that does not exist yet. */
  interface Maker {
    void make(Path folder) throws IOException;
  }

  /** The cache of this user, if it has a home: never a folder that others may write. */
  static Optional<Path> folder() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.isAbsolute() ? Optional.of(base.resolve("starling")) : Optional.empty();
  }

  /** Makes a folder atomically; returns when it is there, whoever made it. */
  static void publish(Path folder, Maker maker) throws IOException {
    Path parent = Objects.requireNonNull(folder.getParent());
    Files.createDirectories(parent);
    sweep(parent);
    Path temporary = parent.resolve(TEMPORARY + UUID.randomUUID());
    try {
      maker.make(temporary);
      Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.exists(folder)) {
        throw e;
      }
    } finally {
      delete(temporary);
    }
  }

  /** Makes a file, or the names in a folder, survive a power loss. */
  static void flush(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Copies a tree with its permissions. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file,
            to.resolve(from.relativize(file)),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /** Deletes a tree, if it is there. */
  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Removes what a process that died while making left behind. */
  private static void sweep(Path parent) throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (Stream<Path> files = Files.list(parent)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.getFileName().toString().startsWith(TEMPORARY)
            && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          delete(file);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
