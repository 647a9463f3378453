package io.starling.api.region;

import io.starling.api.access.Actors;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountsReply;
import io.starling.contract.Actor;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.Request;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
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

  /** What is asked by whoever asks this: what is written is his deed in the audit. */
  public ByCaller by(Exchange exchange) {
    return new ByCaller(new Actors(directory).of(exchange));
  }

  /** Requests of one caller. There is no other way to write, so that nobody is forgotten. */
  public final class ByCaller {
    private final Actor actor;

    private ByCaller(Actor actor) {
      this.actor = actor;
    }

    /** Asks for a write. */
    public <R extends BusMessage, Q extends Request<R>> Future<R> write(Q request) {
      return write(request, DEADLINE);
    }

    /** Asks for one that takes another time than most. */
    public <R extends BusMessage, Q extends Request<R>> Future<R> write(
        Q request, Duration deadline) {
      return bus.ask(request, actor, deadline);
    }

    /**
     * Asks for a plain write and answers for it.
     *
     * @param done the answer once it is written, and the own Directory shows it
     * @param absent the answer where there is no such thing, or it is another's
     */
    public <Q extends Request<AccountsReply.WriteReply>> Future<Answer.Whole> write(
        Q request, Supplier<Answer.Whole> done, Answer.Whole absent) {
      return write(request)
          .compose(
              reply ->
                  switch (reply) {
                    case AccountsReply.Written(var position) -> seen(position, done);
                    case AccountsReply.NotFound _ -> Future.succeededFuture(absent);
                    case AccountsReply.DatabaseDown(int seconds) ->
                        Future.succeededFuture(unavailable(seconds));
                  });
    }
  }

  /** The answer while configuration cannot be written. */
  public static Answer.Whole unavailable(int retryAfterSeconds) {
    return Errors.unavailable("Nothing can be changed for now, try again", retryAfterSeconds);
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
