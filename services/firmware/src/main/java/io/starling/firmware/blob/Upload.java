package io.starling.firmware.blob;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bytes on their way into a store. Of its methods one is called after the other: a second call
 * while one is under way fails. What {@link #write} has told to be taken is fsynced.
 */
public final class Upload {
  private static final int CHUNK_BYTES = 64 << 10;

  private final BlobStore store;
  private final String name;
  private final Path path;
  private final AtomicBoolean busy = new AtomicBoolean();

  // Of the one call that is under way.
  private final MessageDigest digest = sha256();
  private long size;
  private boolean over;

  private Upload(BlobStore store, String name) {
    this.store = store;
    this.name = name;
    this.path = store.folder.upload(name);
  }

  /** Blocks its caller. */
  static Upload create(BlobStore store, String name) throws IOException {
    var upload = new Upload(store, name);
    Files.createFile(upload.path);
    store.folder.syncUploads();
    return upload;
  }

  /** Blocks its caller, while it reads what is there. */
  static Upload resume(BlobStore store, String name) throws IOException {
    var upload = new Upload(store, name);
    try (var file = FileChannel.open(upload.path, StandardOpenOption.READ)) {
      var chunk = ByteBuffer.allocate(CHUNK_BYTES);
      while (file.read(chunk.clear()) >= 0) {
        upload.size += chunk.flip().remaining();
        upload.digest.update(chunk);
      }
    }
    return upload;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 does not work here", e);
    }
  }

  /** By which it is resumed. */
  public String name() {
    return name;
  }

  /** How many bytes were taken, while nothing is under way. */
  public long size() {
    return size;
  }

  /**
   * Takes more bytes.
   *
   * @return succeeds once they are on disk, with how many there are by then; fails with {@link
   *     BlobRefused} if there are too many, or no room for them
   */
  public Future<Long> write(Buffer bytes) {
    return run(
        () -> {
          if (size + bytes.length() > store.limits.mostBytes()) {
            throw new BlobRefused("an upload has at most " + store.limits.mostBytes() + " bytes");
          }
          store.requireRoom(bytes.length());
          var source = ByteBuffer.wrap(bytes.getBytes());
          try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            // A write that failed may have left more.
            file.truncate(size).position(size);
            while (source.hasRemaining()) {
              var _ = file.write(source);
            }
            file.force(false);
          }
          digest.update(source.flip());
          size += bytes.length();
          return size;
        });
  }

  /** Makes it a blob; succeeds once that is on disk, under its name. */
  public Future<BlobId> finish() {
    return run(
        () -> {
          var id = new BlobId(HexFormat.of().formatHex(digest.digest()));
          over = true;
          store.folder.keep(path, id);
          return id;
        });
  }

  /** Forgets it. */
  public Future<Void> abandon() {
    return run(
        () -> {
          over = true;
          var _ = Files.deleteIfExists(path);
          return null;
        });
  }

  private <T> Future<T> run(Callable<T> step) {
    if (!busy.compareAndSet(false, true)) {
      return Future.failedFuture(new IllegalStateException("one call after the other"));
    }
    return store
        .run(
            () -> {
              if (over) {
                throw new IllegalStateException("it is over");
              }
              return step.call();
            })
        .onComplete(_ -> busy.set(false));
  }
}
