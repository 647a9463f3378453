package io.starling.standalone.operator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where secrets come from: never from the command line, which every user of a machine can read. A
 * token stands in a file that only its owner reads.
 */
final class Login {
  private static final String DEFAULT_FILE = ".config/starling/token";

  private Login() {}

  static Path file(@Nullable Path told) {
    return told == null ? Path.of(System.getProperty("user.home"), DEFAULT_FILE) : told;
  }

  /** The token of {@code STARLINGCTL_TOKEN}, or else of the file. */
  static Optional<String> token(@Nullable Path told) {
    String variable = System.getenv("STARLINGCTL_TOKEN");
    if (told == null && variable != null && !variable.isBlank()) {
      return Optional.of(variable.strip());
    }
    try {
      return Optional.of(Files.readString(file(told)).strip()).filter(token -> !token.isEmpty());
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Failure(Failure.REFUSED, file(told) + " cannot be read: " + e.getMessage());
    }
  }

  static void keep(@Nullable Path told, String token) {
    var file = file(told).toAbsolutePath();
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.deleteIfExists(file);
      var mine = PosixFilePermissions.fromString("rw-------");
      var _ = Files.createFile(file, PosixFilePermissions.asFileAttribute(mine));
      var _ = Files.writeString(file, token + "\n");
    } catch (IOException e) {
      throw new Failure(Failure.REFUSED, file + " cannot be written: " + e.getMessage());
    }
  }

  static void forget(@Nullable Path told) {
    try {
      var _ = Files.deleteIfExists(file(told));
    } catch (IOException e) {
      throw new Failure(Failure.REFUSED, file(told) + " cannot be deleted: " + e.getMessage());
    }
  }

  /** A secret of a file, of the terminal without showing it, or else of the next line of input. */
  static String secret(@Nullable Path file, String what) {
    try {
      if (file != null) {
        return Files.readString(file).strip();
      }
      var console = Objects.requireNonNull(System.console());
      if (console.isTerminal()) {
        char[] typed = console.readPassword("%s: ", what);
        return typed == null ? "" : new String(typed);
      }
      return line();
    } catch (IOException e) {
      throw new Failure(Failure.REFUSED, "no " + what + ": " + e.getMessage());
    }
  }

  /** Not a byte more: the next secret may be in the next line. */
  private static String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = System.in.read(); next >= 0 && next != '\n'; next = System.in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }
}
