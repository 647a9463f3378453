package io.starling.testing.region;

import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.starling.testing.Await;
import io.starling.testing.fault.FaultProxy;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A process that does nothing but hold a PostgreSQL server, so that it outlives the command that
 * started it. SIGTERM ends both.
 */
final class DatabaseKeeper {
  /** What it prints once the server answers. */
  static final String READY = "database is ready";

  private DatabaseKeeper() {}

  /** Arguments: the folder, the port, and the address at which nodes reach it. */
  public static void main(String[] arguments) throws InterruptedException {
    var port = Integer.parseInt(arguments[1]);
    var host = arguments[2];
    try (var _ =
        EmbeddedDatabase.start(Path.of(arguments[0]), EmbeddedSettings.durable().withPort(port))) {
      // PostgreSQL lets in 127.0.0.1 only; nodes with a network of their own come by the hub.
      if (!host.equals("127.0.0.1")) {
        var _ = Await.get(FaultProxy.open(Vertx.vertx(), host, port, port));
      }
      System.out.println(READY);
      new CountDownLatch(1).await();
    }
  }
}
