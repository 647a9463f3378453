package io.starling.journal;

import java.util.function.Supplier;

/**
 * A log to host.
 *
 * @param name lower-case letters, digits and hyphens; the log's identity, together with its
 *     contents
 * @param state asked once when the journal opens
 */
public record LogConfig(String name, Supplier<LogState> state) {
  public LogConfig {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException("not a log name: " + name);
    }
  }

  /** A log that is only read. */
  public static LogConfig of(String name) {
    return new LogConfig(name, () -> LogState.NONE);
  }
}
