package io.starling.accounts.mail;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.UUID;

/**
 * A folder of messages ({@code .eml}, RFC 5322), each there whole or not at all. Full at a number
 * of messages: then nothing more is sent until somebody takes them away.
 */
public final class Outbox {
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

  /** Puts a message in; fails if it cannot. Blocks no event loop. */
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
    Files.writeString(part, message(mail, name));
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
  }

  private String message(Mail mail, String id) {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC));
    String domain = from.substring(from.indexOf('@') + 1);
    return String.join(
        "\r\n",
        "From: " + from,
        "To: " + mail.to(),
        "Subject: " + encoded(mail.subject()),
        "Date: " + date,
        "Message-ID: <" + id + "@" + domain + ">",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        mail.text().replace("\n", "\r\n"),
        "");
  }

  /** RFC 2047, where it is needed. */
  private static String encoded(String text) {
    return StandardCharsets.US_ASCII.newEncoder().canEncode(text)
        ? text
        : "=?utf-8?B?"
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }
}
