package io.starling.postgres;

import io.starling.postgres.FailureRules.Meaning;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The time of one server as the primary in one term: its pool of connections, each of which has
 * proved that term before its first use. When the tenure ends, so does everything under way in it.
 *
 * <p>Thread-safe.
 */
final class Tenure {
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(60);
  private static final Duration SILENCE_MARGIN = Duration.ofSeconds(30);

  /** A call that takes longer than this asks whether the server answers anybody… */
  private static final Duration PATIENCE = Duration.ofMillis(350);

  /** … and ends without an answer to that. Together they leave a caller the rest of a second. */
  private static final Duration ANSWER_LIMIT = Duration.ofMillis(400);

  private final Vertx vertx;
  private final Candidate candidate;
  private final Term term;
  private final Instant since;
  private final DatabaseConfig config;
  private final PrimaryWatch watch;
  private final Pool pool;
  private final Set<Lease<?>> leases = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String ended;

  /**
   * @param watch told when a call failed in a way that may mean that the primary is gone
   */
  Tenure(
      Vertx vertx,
      String name,
      DatabaseConfig config,
      PrimaryRules.Serve serve,
      Instant since,
      PrimaryWatch watch) {
    this.vertx = vertx;
    this.candidate = serve.candidate();
    this.term = serve.term();
    this.since = since;
    this.config = config;
    this.watch = watch;
    Duration silence = longer(config.callTimeout(), IDLE_LIMIT).plus(SILENCE_MARGIN);
    this.pool =
        PgBuilder.pool()
            .using(vertx)
            .with(
                new PoolOptions()
                    .setMaxSize(config.poolSize())
                    .setMaxWaitQueueSize(-1) // bounded here, where waiting is told from opening
                    .setConnectionTimeout(Math.toIntExact(config.acquireTimeout().toMillis()))
                    .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setIdleTimeout(Math.toIntExact(IDLE_LIMIT.toSeconds()))
                    .setIdleTimeoutUnit(TimeUnit.SECONDS))
            .with(Wire.transport(config.connectTimeout(), silence))
            .connectingTo(candidate.connectOptions(properties(name)))
            .withConnectHandler(this::admit)
            .build();
  }

  Candidate candidate() {
    return candidate;
  }

  Term term() {
    return term;
  }

  DatabaseHealth health() {
    return new DatabaseHealth.Up(candidate.address(), term, since);
  }

  boolean isOf(PrimaryRules.Serve serve) {
    return candidate.equals(serve.candidate()) && term.equals(serve.term());
  }

  int inUse() {
    return (int) leases.stream().filter(Lease::holdsConnection).count();
  }

  /** Runs work on a connection; it ends by the deadline, and its connection with it if it must. */
  <T> Future<T> call(Duration limit, Function<SqlConnection, Future<T>> work) {
    return call(limit, work, _ -> {});
  }

  /** The same, and it ends also once the server answers nobody: within 0.75 s of its silence. */
  <T> Future<T> promptCall(Duration limit, Function<SqlConnection, Future<T>> work) {
    return call(limit, work, this::endIfSilent);
  }

  private void endIfSilent(Lease<?> lease) {
    vertx.setTimer(
        PATIENCE.toMillis(),
        _ -> {
          if (!lease.isOver()) {
            watch
                .answers(candidate)
                .timeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(_ -> endIfSilent(lease))
                .onFailure(
                    _ -> {
                      watch.hurry();
                      lease.abort(
                          new DatabaseUnavailable(candidate.address() + " does not answer"));
                    });
          }
        });
  }

  private <T> Future<T> call(
      Duration limit, Function<SqlConnection, Future<T>> work, Consumer<Lease<T>> begun) {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    if (leases.size() >= config.poolSize() + config.maxWaiting()) {
      return context.failedFuture(
          new DatabaseUnavailable("too many calls wait for a connection already"));
    }
    Lease<T> lease = new Lease<>(context.promise());
    long timer =
        vertx.setTimer(
            Math.max(1, limit.toMillis()),
            _ -> {
              watch.hurry();
              lease.abort(new DatabaseUnavailable("no answer within " + limit));
            });
    leases.add(lease);
    begun.accept(lease);
    String over = ended;
    if (over != null) {
      lease.abort(new DatabaseUnavailable(over));
    }
    pool.getConnection()
        .onSuccess(connection -> lease.run(connection, work, this::judge))
        .onFailure(failure -> lease.abort(notAcquired(failure)));
    return lease
        .result()
        .onComplete(
            _ -> {
              vertx.cancelTimer(timer);
              leases.remove(lease);
            });
  }

  /** Ends it: everything under way fails, and no connection stays open. */
  Future<Void> end(String reason) {
    ended = reason;
    leases.forEach(lease -> lease.abort(new DatabaseUnavailable(reason)));
    return pool.close();
  }

  private Lease.Failure judge(SqlConnection connection, Throwable failure) {
    Meaning meaning = FailureRules.meaning(failure, Wire.isBroken(connection));
    if (meaning == Meaning.CALLER) {
      return new Lease.Failure(failure, false);
    }
    if (meaning == Meaning.LOST) {
      watch.hurry();
    }
    return new Lease.Failure(failed(failure), meaning == Meaning.LOST);
  }

  private DatabaseUnavailable failed(Throwable failure) {
    return new DatabaseUnavailable(
        candidate.address() + ": " + FailureRules.text(failure), failure);
  }

  private DatabaseUnavailable notAcquired(Throwable failure) {
    if ("Timeout".equals(failure.getMessage())) {
      return new DatabaseUnavailable("no connection became free within " + config.acquireTimeout());
    }
    watch.hurry();
    return failed(failure);
  }

  /** Every new connection proves that it leads to the same server in the same term. */
  private void admit(SqlConnection connection) {
    var _ =
        Standing.read(connection)
            .timeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .map(standing -> standing.writable() && standing.term().equals(term))
            .otherwise(false)
            .compose(
                proved -> {
                  if (proved) {
                    return connection.close(); // into the pool
                  }
                  watch.hurry();
                  Wire.cut(connection);
                  return Future.succeededFuture();
                });
  }

  private Map<String, String> properties(String name) {
    return Map.of(
        "application_name",
        "starling-" + name,
        "client_min_messages",
        "warning",
        "statement_timeout",
        Long.toString(config.statementTimeout().toMillis()),
        // The server's own end of a transaction whose client froze or lost its way.
        "idle_in_transaction_session_timeout",
        Long.toString(config.callTimeout().toMillis()));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
