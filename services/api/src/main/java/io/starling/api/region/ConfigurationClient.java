package io.starling.api.region;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.Request;
import io.starling.directory.Directory;
import io.starling.http.Patience;
import io.vertx.core.Future;
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
  private final Patience patience;

  /** A client for the context of the caller. */
  public ConfigurationClient(Bus bus, Directory directory, Patience patience) {
    this.bus = bus;
    this.directory = directory;
    this.patience = patience;
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
    return patience
        .await(directory.reached(position, OWN_WRITE), OWN_WRITE)
        .otherwiseEmpty()
        .map(_ -> answer.get());
  }
}
