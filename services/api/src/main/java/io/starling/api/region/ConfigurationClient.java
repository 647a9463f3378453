package io.starling.api.region;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.Request;
import io.starling.directory.Directory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Configuration writes, which other services make. A failed future means that it is not known
 * whether it was done; callers answer 503. Belongs to the context that made it.
 */
public final class ConfigurationClient {
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final Duration OWN_WRITE = Duration.ofSeconds(1);

  private final Bus bus;
  private final Directory directory;
  private final Context context;

  /** A client for the context of the caller. */
  public ConfigurationClient(Vertx vertx, Bus bus, Directory directory) {
    this.bus = bus;
    this.directory = directory;
    this.context = vertx.getOrCreateContext();
  }

  /** Asks for a write. */
  public <R extends BusMessage, Q extends Request<R>> Future<R> write(Q request) {
    return bus.ask(request, DEADLINE);
  }

  /**
   * Answers once the own Directory shows a write, so that the caller reads what it wrote; after a
   * second also if it does not.
   */
  public <T> Future<T> seen(JournalPosition position, Supplier<T> answer) {
    Promise<T> promise = Promise.promise();
    directory
        .reached(position, OWN_WRITE)
        .onComplete(_ -> context.runOnContext(_ -> promise.complete(answer.get())));
    return promise.future();
  }
}
