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
 * <p>Belongs to one context. There is at most one socket and one question per candidate: one that
 * is not answered in time is waited for again, so that a server that is slow is not asked to do
 * even more, and one that is frozen does not collect sockets. After a longer silence the socket
 * ends.
 */
final class Probe {
  /** In limits of one answer: how long a socket may be silent. */
  private static final int LONGEST_SILENCE = 3;

  private final Context context;
  private final Candidate candidate;
  private final Duration limit;
  private final ConnectionFactory<PgConnectOptions> factory;
  private final PgConnectOptions options;
  private @Nullable SqlConnection connection;
  private @Nullable Future<Standing> question;

  /**
   * @param limit for one answer; the pause between two questions must not be longer, or the socket
   *     is closed in between
   */
  Probe(Vertx vertx, Context context, Candidate candidate, Duration limit) {
    Duration silence = limit.multipliedBy(LONGEST_SILENCE);
    this.context = context;
    this.candidate = candidate;
    this.limit = limit;
    this.factory = Wire.connections(vertx, Wire.transport(limit, silence));
    this.options =
        candidate.connectOptions(
            Map.of(
                "application_name",
                "starling-watch",
                "statement_timeout",
                Long.toString(silence.toMillis())));
  }

  boolean asks(Candidate other) {
    return candidate.equals(other);
  }

  /** Never fails, and answers within the limit. */
  Future<Answer> ask() {
    Future<Standing> asked = question;
    if (asked == null || asked.isComplete()) {
      asked = connection().compose(Standing::read).onFailure(_ -> disconnect());
      question = asked;
    }
    return asked
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .map(this::answer)
        .otherwise(
            failure ->
                failure instanceof TimeoutException
                    ? new Answer.Silent(candidate)
                    : new Answer.Failed(candidate, FailureRules.text(failure)));
  }

  Future<Void> close() {
    disconnect();
    return Future.future(factory::close);
  }

  private Answer answer(Standing standing) {
    return standing.writable()
        ? new Answer.Writable(candidate, standing.term())
        : new Answer.ReadOnly(candidate);
  }

  private Future<SqlConnection> connection() {
    SqlConnection open = connection;
    if (open != null && !Wire.isBroken(open)) {
      return Future.succeededFuture(open);
    }
    return Wire.connect(factory, context, options).onSuccess(opened -> connection = opened);
  }

  private void disconnect() {
    SqlConnection open = connection;
    connection = null;
    if (open != null) {
      Wire.cut(open);
    }
  }
}
