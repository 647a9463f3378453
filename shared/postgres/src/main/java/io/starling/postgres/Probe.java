package io.starling.postgres;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one candidate who it is, over a connection of its own that stays open between questions.
 *
 * <p>Belongs to one context. There is at most one socket per candidate, also while the candidate is
 * frozen: an attempt to connect that hangs is waited for again, until its socket gives up.
 */
final class Probe {
  /** Attempts that hang before the first answer are given up after so many limits. */
  private static final int SILENT_LIMITS = 3;

  private final Context context;
  private final Candidate candidate;
  private final Duration limit;
  private final ConnectionFactory<PgConnectOptions> factory;
  private final PgConnectOptions options;
  private @Nullable Future<SqlConnection> connection;

  /**
   * @param limit for one answer; must be longer than the pause between two questions divided by
   *     {@value #SILENT_LIMITS}, or the connection is closed in between
   */
  Probe(Vertx vertx, Context context, Candidate candidate, Duration limit) {
    this.context = context;
    this.candidate = candidate;
    this.limit = limit;
    this.factory =
        Wire.connections(vertx, Wire.transport(limit, limit.multipliedBy(SILENT_LIMITS)));
    this.options =
        candidate.connectOptions(
            Map.of(
                "application_name",
                "starling-watch",
                "statement_timeout",
                Long.toString(limit.toMillis())));
  }

  /** Never fails, and answers within the limit. */
  Future<Answer> ask() {
    Future<SqlConnection> used = connection();
    return used.compose(Standing::read)
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .map(this::answer)
        .otherwise(
            failure -> {
              forget(used);
              return failure instanceof TimeoutException
                  ? new Answer.Silent(candidate)
                  : new Answer.Failed(candidate, FailureRules.text(failure));
            });
  }

  Future<Void> close() {
    Future<SqlConnection> open = connection;
    connection = null;
    if (open != null) {
      open.onSuccess(Wire::cut);
    }
    return Future.future(factory::close);
  }

  private Answer answer(Standing standing) {
    return standing.writable()
        ? new Answer.Writable(candidate, standing.term())
        : new Answer.ReadOnly(candidate);
  }

  private Future<SqlConnection> connection() {
    Future<SqlConnection> known = connection;
    if (known == null || (known.succeeded() && Wire.isBroken(known.result()))) {
      known = Wire.connect(factory, context, options);
      connection = known;
    }
    return known;
  }

  private void forget(Future<SqlConnection> used) {
    if (used.isComplete() && used.equals(connection)) {
      connection = null;
      used.onSuccess(Wire::cut);
    }
  }
}
