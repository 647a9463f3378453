package io.starling.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.TransactionRollbackException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to the primary of the operational database, whichever server that is right now.
 *
 * <p>Never blocks and is thread-safe: call it from any context, and the work and its result run on
 * that context. It needs no database to open; it finds one, follows it to another server when that
 * has a higher term, and finds it again after an outage. Until the first search has ended calls
 * wait for it, up to {@link DatabaseConfig#connectTimeout}; without a primary they fail at once.
 *
 * <p>A call fails with {@link DatabaseUnavailable} when the machinery failed, its deadline passed
 * or no connection became free, and with the failure of its work otherwise ({@code PgException} for
 * a refused statement). Nothing is retried here.
 */
public final class PrimaryPool {
  private static final Logger log = LoggerFactory.getLogger(PrimaryPool.class);
  private static final long CLOSE_LIMIT_MILLIS = 2_000;
  private static final Duration PROMPT_SEARCH = Duration.ofMillis(750);

  private final Vertx vertx;
  private final String name;
  private final DatabaseConfig config;
  private final PrimaryWatch watch;
  private final PoolMeters meters;
  private final Promise<Void> searched;
  private volatile State state;

  private sealed interface State {}

  private record Serving(Tenure tenure) implements State {}

  private record Without(String reason, Instant since) implements State {}

  private record Searching(Instant since) implements State {}

  private record Closed(Instant since) implements State {}

  private PrimaryPool(Vertx vertx, String name, DatabaseConfig config, MeterRegistry registry) {
    // Not the caller's context: the search must outlive the verticle that happens to start it.
    ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
    this.vertx = vertx;
    this.name = name;
    this.config = config;
    this.searched = context.promise();
    this.state = new Searching(Instant.now());
    this.meters = new PoolMeters(registry, name, this);
    this.watch = new PrimaryWatch(vertx, context, config.candidates(), this::follow);
  }

  /**
   * Starts looking for the primary.
   *
   * @param name of the user of this pool, for metrics and the server's list of sessions
   */
  public static PrimaryPool open(
      Vertx vertx, String name, DatabaseConfig config, MeterRegistry registry) {
    PrimaryPool pool = new PrimaryPool(vertx, name, config, registry);
    pool.watch.start();
    return pool;
  }

  /** Runs work on a connection, within {@link DatabaseConfig#callTimeout}. */
  public <T> Future<T> withConnection(Function<SqlConnection, Future<T>> work) {
    return withConnection(config.callTimeout(), work);
  }

  /**
   * Runs work on a connection that is its own until the work's future ends. At the deadline the
   * call fails and the connection is cut, so that nothing of it happens later.
   */
  public <T> Future<T> withConnection(Duration limit, Function<SqlConnection, Future<T>> work) {
    long start = System.nanoTime();
    return attempt(limit, work).onComplete(done -> meters.called(start, done));
  }

  /** Runs work in a transaction, within {@link DatabaseConfig#callTimeout}. */
  public <T> Future<T> withTransaction(Function<SqlConnection, Future<T>> work) {
    return withTransaction(config.callTimeout(), work);
  }

  /**
   * Runs work in a transaction: committed when its future succeeds, rolled back when it fails. If
   * this fails with {@link DatabaseUnavailable} the transaction may have been committed all the
   * same, when only the answer to the commit was lost.
   */
  public <T> Future<T> withTransaction(Duration limit, Function<SqlConnection, Future<T>> work) {
    return withConnection(limit, connection -> transaction(connection, work));
  }

  /**
   * A transaction for a caller who must know within a second that the database is away: it fails
   * also as soon as the primary answers nobody. One that is slow but answers is waited for.
   */
  public <T> Future<T> withPromptTransaction(Function<SqlConnection, Future<T>> work) {
    long start = System.nanoTime();
    return tenure(PROMPT_SEARCH)
        .compose(
            found ->
                found.promptCall(config.callTimeout(), connection -> transaction(connection, work)))
        .onComplete(done -> meters.called(start, done));
  }

  /** What is known right now. */
  public DatabaseHealth health() {
    return switch (state) {
      case Serving(Tenure tenure) -> tenure.health();
      case Without(String reason, Instant since) -> new DatabaseHealth.Down(reason, since);
      case Searching(Instant since) -> new DatabaseHealth.Down("searching the primary", since);
      case Closed(Instant since) -> new DatabaseHealth.Down("closed", since);
    };
  }

  /** The highest term ever seen. */
  public Term highestTerm() {
    return watch.floor();
  }

  /**
   * Refuses every server with a lower term than this from now on. For a term that is known from
   * elsewhere, such as the journal: this pool alone forgets what it saw when the process ends.
   */
  public void refuseBefore(Term term) {
    watch.raiseFloor(term);
    watch.hurry();
  }

  /** Ends the search and all calls, within 2 s; every later call fails. */
  public Future<Void> close() {
    State before;
    synchronized (this) {
      before = state;
      state = new Closed(Instant.now());
    }
    searched.tryComplete();
    meters.close();
    Future<Void> ended =
        before instanceof Serving(Tenure tenure)
            ? tenure.end("the pool is closed").timeout(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
            : Future.succeededFuture();
    return Future.join(watch.close(), ended).mapEmpty();
  }

  int inUse() {
    return state instanceof Serving(Tenure tenure) ? tenure.inUse() : 0;
  }

  DatabaseConfig config() {
    return config;
  }

  /** The present primary, for those who bring their own connections. */
  Future<Tenure> tenure() {
    return tenure(config.connectTimeout());
  }

  private Future<Tenure> tenure(Duration limit) {
    return switch (state) {
      case Serving(Tenure tenure) -> Future.succeededFuture(tenure);
      case Without(String reason, Instant _) -> unavailable("there is no primary: " + reason);
      case Closed _ -> unavailable("the pool is closed");
      case Searching _ -> {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        Promise<Void> here = context.promise();
        searched.future().onComplete(here);
        yield here.future()
            .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
            .transform(
                done -> done.succeeded() ? tenure(limit) : unavailable("searching the primary"));
      }
    };
  }

  private <T> Future<T> attempt(Duration limit, Function<SqlConnection, Future<T>> work) {
    return state instanceof Serving(Tenure tenure)
        ? tenure.call(limit, work)
        : tenure().compose(found -> found.call(limit, work));
  }

  private static <T> Future<T> transaction(
      SqlConnection connection, Function<SqlConnection, Future<T>> work) {
    return connection
        .begin()
        .compose(
            transaction ->
                work.apply(connection)
                    .compose(
                        value -> transaction.commit().map(value),
                        failure ->
                            failure instanceof TransactionRollbackException
                                ? Future.failedFuture(failure)
                                : transaction
                                    .rollback()
                                    .transform(_ -> Future.failedFuture(failure))));
  }

  /** Called on the watch's context only, so changes of the state come one after the other. */
  private void follow(PrimaryRules.Verdict verdict) {
    if (state instanceof Closed) {
      return; // A round of asking was under way.
    }
    switch (verdict) {
      case PrimaryRules.Serve serve -> {
        if (!(state instanceof Serving(Tenure tenure) && tenure.isOf(serve))) {
          Tenure next = new Tenure(vertx, name, config, serve, Instant.now(), watch);
          String address = serve.candidate().address();
          log.info("{}: the primary is {} in term {}", name, address, serve.term());
          replace(new Serving(next), address + " is the primary now");
          meters.primaryChanged();
        }
      }
      case PrimaryRules.Nobody(String reason) -> {
        if (state instanceof Without(String _, Instant since)) {
          replace(new Without(reason, since), reason);
        } else {
          log.warn("{}: there is no primary: {}", name, reason);
          replace(new Without(reason, Instant.now()), "there is no primary: " + reason);
        }
      }
      case PrimaryRules.AskAgain _ -> throw new IllegalStateException("the watch does that");
    }
    searched.tryComplete();
  }

  private void replace(State next, String why) {
    State before;
    synchronized (this) {
      before = state;
      if (before instanceof Closed) {
        next = before;
      }
      state = next;
    }
    if (before instanceof Serving(Tenure tenure)) {
      tenure.end(why).onFailure(failure -> log.warn("{}: connections left open", name, failure));
    }
  }

  private static <T> Future<T> unavailable(String reason) {
    return Future.failedFuture(new DatabaseUnavailable(reason));
  }
}
