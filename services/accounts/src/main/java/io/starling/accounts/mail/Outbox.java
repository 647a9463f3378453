package io.starling.accounts.mail;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.UUID;

/**
 * A folder of messages ({@code .eml}, RFC 5322), each there whole or not at all. Full at a number
 * of messages: then nothing more is sent until somebody takes them away.
 */
public final class Outbox implements Post {
  private static final int MAX_MESSAGES = 10_000;

  private final Vertx vertx;
  private final Path folder;
  private final String from;
  private final InstantSource clock;

  /** An outbox in a folder, which is made with the first message. */
  public Outbox(Vertx vertx, Path folder, String from, InstantSource clock) {
    this.vertx = vertx;
    this.folder = folder;
    this.from = from;
    this.clock = clock;
  }

  @Override
  public Future<Void> send(Mail mail) {
    return vertx.executeBlocking(
        () -> {
          write(mail);
          return null;
        },
        false);
  }

  private void write(Mail mail) throws IOException {
    Files.createDirectories(folder);
    try (var messages = Files.list(folder)) {
      if (messages.limit(MAX_MESSAGES).count() == MAX_MESSAGES) {
        throw new IOException("the outbox is full");
      }
    }
    String name = clock.millis() + "-" + UUID.randomUUID();
    Path whole = folder.resolve(name + ".eml");
    Path part = folder.resolve(name + ".part");
    var mine = PosixFilePermissions.fromString("rw-------");
    Files.createFile(part, PosixFilePermissions.asFileAttribute(mine));
    Files.writeString(part, Message.of(mail, from, name, clock.instant()));
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
  }
}
