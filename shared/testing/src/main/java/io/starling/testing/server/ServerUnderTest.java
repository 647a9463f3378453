package io.starling.testing.server;

import io.starling.testing.client.Target;
import io.starling.testing.process.JavaHeap;
import java.time.Duration;

/** A running server whose cost is measured. */
public interface ServerUnderTest extends AutoCloseable {
  long pid();

  Target target();

  /**
   * The same over TLS.
   *
   * @throws UnsupportedOperationException if it was started without
   */
  default Target tlsTarget() {
    throw new UnsupportedOperationException("no TLS here");
  }

  /** Bytes of its heap in use after forced collections; 0 if it has none. */
  default long heapAfterCollection() {
    return JavaHeap.usedAfterCollection(pid());
  }

  /** The CPU time of its database, which is not in its own process; zero without one. */
  Duration databaseCpu();

  @Override
  void close();
}
