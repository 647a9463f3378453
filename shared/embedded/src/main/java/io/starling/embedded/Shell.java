package io.starling.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs short commands to their end, each with a deadline. */
final class Shell {
  /** Plain messages, and no search for the local time zone, which initdb would do for a while. */
  static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C", "TZ", "UTC");

  private Shell() {}

  /** Whether a command exists and ends with status 0. */
  static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return await(process, Duration.ofSeconds(10)) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The output of a command; throws with it unless the command ends with status 0. */
  static String run(List<String> command, String input) {
    String name = String.join(" ", command);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(ENVIRONMENT);
      Process process = builder.start();
      try (var stdin = process.outputWriter()) {
        stdin.write(input);
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!await(process, Duration.ofSeconds(60)) || process.exitValue() != 0) {
        throw new EmbeddedDatabaseException(name + " failed: " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw new EmbeddedDatabaseException(name + " failed", e);
    }
  }

  /** Whether the process ended in time; it is killed if not. */
  private static boolean await(Process process, Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return false;
  }
}
