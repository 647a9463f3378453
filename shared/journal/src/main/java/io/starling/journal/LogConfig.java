package io.starling.journal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * A log to host.
 *
 * @param name lower-case letters, digits and hyphens; the log's identity, together with its
 *     contents
 * @param state asked once when the journal opens
 * @param maxRetention shortens the journal's retention for this log: whoever falls farther behind
 *     has to read its state
 */
public record LogConfig(String name, Supplier<LogState> state, Duration maxRetention) {
  public LogConfig {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException("not a log name: " + name);
    }
  }

  /** A log with the journal's retention. */
  public LogConfig(String name, Supplier<LogState> state) {
    this(name, state, ChronoUnit.FOREVER.getDuration());
  }

  /** A log that is only read. */
  public static LogConfig of(String name) {
    return new LogConfig(name, () -> LogState.NONE);
  }
}
