package io.starling.postgres.change;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountsHint;
import io.starling.contract.Actor;
import io.starling.contract.BusMessage;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.JournalPosition;
import io.starling.contract.Wire;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Writes configuration. Thread-safe; futures complete on the caller's context. */
public final class ConfigurationWriter {
  private static final Duration FEED_LIMIT = Duration.ofSeconds(3);
  private final PrimaryPool pool;
  private final Bus bus;
  private final Deeds deeds;

  /** A writer into the database of this pool, for the service itself. */
  public ConfigurationWriter(PrimaryPool pool, Bus bus) {
    this(pool, bus, new Deeds(Actor.service("unknown"), ""));
  }

  private ConfigurationWriter(PrimaryPool pool, Bus bus, Deeds deeds) {
    this.pool = pool;
    this.bus = bus;
    this.deeds = deeds;
  }

  /**
   * The same for somebody: what is written is in the audit as his deed, in the same transaction.
   *
   * @param operation what was asked of the service
   */
  public ConfigurationWriter by(Actor actor, String operation) {
    return new ConfigurationWriter(pool, bus, new Deeds(actor, operation));
  }

  /** The same, where it was asked by this request; of a sender that did not tell who asks, too. */
  public ConfigurationWriter by(Optional<Actor> actor, BusMessage request) {
    return by(actor.orElseGet(() -> Actor.service("unknown")), operation(request));
  }

  /** What a request asks for, as the audit tells it: its name on the wire. */
  public static String operation(BusMessage request) {
    var wire = request.getClass().getAnnotation(Wire.class);
    return wire == null ? "" : wire.value();
  }

  /**
   * What was written.
   *
   * @param position who has applied the directory up to here sees it
   */
  public record Written<T>(T value, JournalPosition position) {}

  private record Committed<T>(T value, long term, long transaction) {}

  /**
   * Runs one transaction and completes once its changes stand in the directory. Expected outcomes
   * are values: work that met one must leave the transaction usable ({@code ON CONFLICT DO NOTHING}
   * rather than a violated constraint).
   *
   * @return fails with {@link DatabaseUnavailable}, within a second if the database answers nobody,
   *     and after some if the directory did not take the change in time: then it may have been
   *     written
   */
  public <T> Future<Written<T>> write(Function<SqlConnection, Future<T>> work) {
    return pool.withPromptTransaction(
            connection -> work.apply(connection).compose(value -> recorded(connection, value)))
        .compose(this::awaitFeed);
  }

  private <T> Future<Committed<T>> recorded(SqlConnection connection, T value) {
    return deeds
        .record(connection)
        .map(done -> new Committed<>(value, done.term(), done.transaction()));
  }

  private <T> Future<Written<T>> awaitFeed(Committed<T> committed) {
    if (committed.transaction() == 0) {
      return Future.succeededFuture(new Written<>(committed.value(), JournalPosition.START));
    }
    bus.publish(new AccountsHint.WakeFeed());
    var await =
        new DirectoryRequest.AwaitFeed(
            committed.term(), committed.transaction(), FEED_LIMIT.toMillis());
    return bus.ask(await, FEED_LIMIT.plusMillis(500))
        .recover(
            cause ->
                Future.failedFuture(
                    new DatabaseUnavailable(
                        "the directory did not answer: " + cause.getMessage(), cause)))
        .compose(
            feed ->
                feed.at().includes(committed.term(), committed.transaction())
                    ? Future.succeededFuture(new Written<>(committed.value(), feed.end()))
                    : Future.failedFuture(
                        new DatabaseUnavailable("written, but not yet in the directory", null)));
  }
}
