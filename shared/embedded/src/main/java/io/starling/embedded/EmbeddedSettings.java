package io.starling.embedded;

import java.time.Duration;
import java.util.Map;

/**
 * How an {@link EmbeddedDatabase} runs.
 *
 * @param port the TCP port on 127.0.0.1; 0 picks a free one, which is kept over restarts
 * @param durability whether a commit is on the disk when it returns
 * @param stopOnExit stop the server in a shutdown hook of this JVM; false for a launcher that stops
 *     it itself after the last user of it
 * @param startTimeout for the server to accept connections, crash recovery included
 * @param parameters further server parameters, as in postgresql.conf
 */
public record EmbeddedSettings(
    int port,
    Durability durability,
    boolean stopOnExit,
    Duration startTimeout,
    Map<String, String> parameters) {

  /** What survives a power loss. */
  public enum Durability {
    /** Every commit is flushed to the disk. */
    DURABLE,
    /** Nothing is flushed and the cluster is a copy of a template: fast, for tests only. */
    FOR_TESTS
  }

  /** Checks the port and copies the parameters. */
  public EmbeddedSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
    }
    parameters = Map.copyOf(parameters);
  }

  /** For an installation: durable, on a free port, stopped with the JVM. */
  public static EmbeddedSettings durable() {
    return new EmbeddedSettings(0, Durability.DURABLE, true, Duration.ofSeconds(60), Map.of());
  }

  /** For tests: as fast as possible, on a free port, stopped with the JVM. */
  public static EmbeddedSettings forTests() {
    return new EmbeddedSettings(0, Durability.FOR_TESTS, true, Duration.ofSeconds(60), Map.of());
  }

  /** The same on this port. */
  public EmbeddedSettings withPort(int port) {
    return new EmbeddedSettings(port, durability, stopOnExit, startTimeout, parameters);
  }

  /** The same, but stopped with the JVM or left to the caller. */
  public EmbeddedSettings withStopOnExit(boolean stopOnExit) {
    return new EmbeddedSettings(port, durability, stopOnExit, startTimeout, parameters);
  }

  /** The same with these server parameters instead. */
  public EmbeddedSettings withParameters(Map<String, String> parameters) {
    return new EmbeddedSettings(port, durability, stopOnExit, startTimeout, parameters);
  }
}
