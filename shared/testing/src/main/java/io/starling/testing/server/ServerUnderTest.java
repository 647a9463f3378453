package io.starling.testing.server;

import io.starling.testing.client.Target;
import java.time.Duration;

/** A running server whose cost is measured. */
public interface ServerUnderTest extends AutoCloseable {
  long pid();

  Target target();

  /** The CPU time of its database, which is not in its own process; zero without one. */
  Duration databaseCpu();

  @Override
  void close();
}
