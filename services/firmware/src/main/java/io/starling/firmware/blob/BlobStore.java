package io.starling.firmware.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * The content of one node. Works on threads of its own, a few at a time; futures complete on the
 * caller's context. Thread-safe.
 */
public final class BlobStore {
  private static final int THREADS = 4;
  private static final Pattern UPLOAD = Pattern.compile("[0-9a-f]{32}");

  final BlobFolder folder;
  final Limits limits;
  private final WorkerExecutor worker;

  /**
   * What it takes.
   *
   * @param mostBytes of one blob
   * @param leastFreeBytes that the file system has left at any time
   */
  public record Limits(long mostBytes, long leastFreeBytes) {}

  private BlobStore(BlobFolder folder, Limits limits, WorkerExecutor worker) {
    this.folder = folder;
    this.limits = limits;
    this.worker = worker;
  }

  /** The store in a folder, which is created if need be. */
  public static Future<BlobStore> open(Vertx vertx, Path path, Limits limits) {
    var worker = vertx.createSharedWorkerExecutor("blobs-" + UUID.randomUUID(), THREADS);
    Callable<BlobStore> open =
        () -> new BlobStore(new BlobFolder(Files.createDirectories(path)), limits, worker);
    return worker.executeBlocking(open, false).onFailure(_ -> worker.close());
  }

  /** Begins an upload. */
  public Future<Upload> begin() {
    return run(
        () -> {
          requireRoom(0);
          return Upload.create(this, UUID.randomUUID().toString().replace("-", ""));
        });
  }

  /** Goes on with one by its name; empty if there is none such. Nobody else may be at it. */
  public Future<Optional<Upload>> resume(String upload) {
    if (!UPLOAD.matcher(upload).matches()) {
      return Future.succeededFuture(Optional.empty());
    }
    return run(
        () -> {
          try {
            return Optional.of(Upload.resume(this, upload));
          } catch (NoSuchFileException _) {
            return Optional.empty();
          }
        });
  }

  /** How many bytes it has; empty if it is not here. */
  public Future<OptionalLong> size(BlobId id) {
    return run(
        () -> {
          try {
            return OptionalLong.of(Files.size(folder.blob(id)));
          } catch (NoSuchFileException _) {
            return OptionalLong.empty();
          }
        });
  }

  /**
   * Reads a part of it.
   *
   * @return fewer bytes than asked for at its end, none behind it; empty if it is not here
   */
  public Future<Optional<Buffer>> read(BlobId id, long offset, int length) {
    return run(
        () -> {
          try (var file = FileChannel.open(folder.blob(id), StandardOpenOption.READ)) {
            int most = Math.clamp(file.size() - offset, 0, length);
            var bytes = ByteBuffer.allocate(most);
            while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) >= 0) {
              // until it is full, or the file ends early
            }
            return Optional.of(Buffer.buffer(most).appendBytes(bytes.array(), 0, bytes.position()));
          } catch (NoSuchFileException _) {
            return Optional.empty();
          }
        });
  }

  /** Where it is, for those who read it as a file; it may go away. */
  public Path path(BlobId id) {
    return folder.blob(id);
  }

  /** Those whose names come behind another (or behind the empty text), in order. */
  public Future<List<BlobId>> list(String after, int most) {
    return run(() -> folder.list(after, most));
  }

  /** Removes it; false if it is not here. */
  public Future<Boolean> remove(BlobId id) {
    return run(() -> folder.remove(id));
  }

  /**
   * Reads all of it, and tells whether it is what its name says; false as well if it is not here.
   */
  public Future<Boolean> isWhole(BlobId id) {
    return run(
        () -> {
          var digest = MessageDigest.getInstance("SHA-256");
          try (var in = new DigestInputStream(Files.newInputStream(folder.blob(id)), digest)) {
            var _ = in.transferTo(OutputStream.nullOutputStream());
          } catch (NoSuchFileException _) {
            return false;
          }
          return HexFormat.of().formatHex(digest.digest()).equals(id.hex());
        });
  }

  /** Removes uploads that nobody has written to since a time; how many those were. */
  public Future<Integer> forgetUploads(Instant before) {
    return run(() -> folder.forgetUploads(before));
  }

  /** Gives its threads back; what is under way ends. */
  public Future<Void> close() {
    return worker.close();
  }

  void requireRoom(long bytes) throws IOException {
    if (folder.freeBytes() - bytes < limits.leastFreeBytes()) {
      throw new BlobRefused("the disk has no room for it");
    }
  }

  <T> Future<T> run(Callable<T> step) {
    return worker.executeBlocking(step, false);
  }
}
