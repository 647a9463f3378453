package io.starling.webhooks.attempt;

import io.starling.contract.AccountId;
import io.starling.contract.AttemptsReply.Attempt;
import io.starling.contract.AttemptsReply.Hour;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.AttemptsReply.Split;
import io.starling.contract.AttemptsReply.State;
import io.starling.contract.AttemptsRequest.Page;
import io.starling.contract.DeviceId;
import io.starling.contract.IntegrationId;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads {@code webhooks.attempt} and {@code webhooks.attempt_hour}. What one question costs is
 * bounded, whatever it asks for.
 */
final class AttemptReader {
  /** Rows that one question looks at, whether they fit or not. */
  static final int MAX_SCANNED = 5_000;

  private static final Duration WITHIN = Duration.ofMillis(900);

  private static final String COLUMNS =
      """
      at, id, integration, event, name, device, webhook_id, number, outcome, status, error, host, method, resolve_millis,
        connect_millis, tls_millis, first_byte_millis, total_millis, answer
      """;

  /** The inner part reads rows by an index, in order, and stops; the outer one tells which fit. */
  private static final String PAGE =
      """
      SELECT %1$s, fits, place FROM (
        SELECT scanned.*, row_number() OVER (ORDER BY at DESC, id DESC) AS place FROM (
          SELECT %1$s, account = $6 AND (cardinality($7::smallint[]) = 0 OR outcome = ANY ($7)) AND ($8 = '' OR device = $8) AS fits
          FROM webhooks.attempt
          WHERE integration = $1 AND at >= $2 AND at < $3 AND at <= $4 AND (at, id) < ($4, $5) %2$s
          ORDER BY at DESC, id DESC LIMIT $9
        ) scanned
      ) told
      WHERE fits OR place = $9
      ORDER BY at DESC, id DESC LIMIT $10
      """;

  private static final String OF_ALL = PAGE.formatted(COLUMNS, "");

  /** Those are few among many, and have an index of their own. */
  private static final String OF_FAILED = PAGE.formatted(COLUMNS, "AND outcome <> 0");

  private static final String OF_EVENT =
      """
      SELECT %1$s FROM webhooks.attempt
      WHERE event = $1 AND account = $2 AND at >= $3 AND at < $4 AND ($5 = '' OR integration = $5)
      ORDER BY at DESC, id DESC LIMIT $6
      """
          .formatted(COLUMNS);

  private static final String OWED =
      "SELECT integration, state FROM webhooks.delivery WHERE id = ANY ($1::text[])";

  private static final String HOURS =
      """
      SELECT hour, sent, refused, failed, given_up FROM webhooks.attempt_hour
      WHERE integration = $1 AND account = $2 ORDER BY hour DESC LIMIT $3
      """;

  /** Rows are read by an index in their order, and no more of them than are needed. */
  private static final String BOUNDS =
      "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
          + " SET LOCAL enable_sort = off; SET LOCAL statement_timeout = "
          + WITHIN.toMillis();

  private final PrimaryPool pool;

  AttemptReader(PrimaryPool pool) {
    this.pool = pool;
  }

  /**
   * A row that was looked at.
   *
   * @param isLast whether nothing behind it was looked at
   */
  record Found(
      AttemptPlace place,
      IntegrationId integration,
      Attempt attempt,
      boolean fits,
      boolean isLast) {}

  /** Runs questions in one transaction, within their time. */
  <T> Future<T> ask(Function<SqlConnection, Future<T>> questions) {
    return pool.withTransaction(
        WITHIN,
        connection -> connection.query(BOUNDS).execute().compose(_ -> questions.apply(connection)));
  }

  /** Attempts behind a place, the latest first, at most {@code limit}. */
  Future<List<Found>> page(SqlConnection connection, Page asked, AttemptPlace after, int limit) {
    var outcomes = asked.outcomes();
    boolean failed = !outcomes.isEmpty() && !outcomes.contains(Outcome.DELIVERED);
    var parameters =
        Tuple.tuple()
            .addValue(asked.integration().toString())
            .addValue(time(asked.startMillis()))
            .addValue(time(asked.endMillis()))
            .addValue(time(after.atMillis()))
            .addValue(after.id())
            .addValue(asked.account().toString())
            .addValue(outcomes.stream().map(it -> (short) it.code()).toArray(Short[]::new))
            .addValue(asked.device() == null ? "" : asked.device().toString())
            .addValue((long) MAX_SCANNED)
            .addValue((long) limit);
    return connection
        .preparedQuery(failed ? OF_FAILED : OF_ALL)
        .execute(parameters)
        .map(
            rows -> {
              var found = new ArrayList<Found>();
              for (Row row : rows) {
                boolean isLast = row.getLong("place") == MAX_SCANNED;
                found.add(found(row, row.getBoolean("fits"), isLast));
              }
              return found;
            });
  }

  /**
   * Attempts of one event, the latest first.
   *
   * @param integration only of this one, empty for all
   */
  Future<List<Found>> ofEvent(
      SqlConnection connection,
      AccountId account,
      String event,
      String integration,
      long startMillis,
      long endMillis,
      int limit) {
    var parameters =
        Tuple.of(
            event,
            account.toString(),
            time(startMillis),
            time(endMillis),
            integration,
            (long) limit);
    return connection
        .preparedQuery(OF_EVENT)
        .execute(parameters)
        .map(
            rows -> {
              var found = new ArrayList<Found>();
              rows.forEach(row -> found.add(found(row, true, false)));
              return found;
            });
  }

  /**
   * What of deliveries left the journal, by integration.
   *
   * @param ids their webhook-ids
   */
  Future<Map<IntegrationId, State>> owed(SqlConnection connection, List<String> ids) {
    return connection
        .preparedQuery(OWED)
        .execute(Tuple.of(ids.toArray(String[]::new)))
        .map(
            rows -> {
              var states = new HashMap<IntegrationId, State>();
              rows.forEach(
                  row ->
                      states.put(
                          IntegrationId.of(row.getString("integration")),
                          row.getString("state").equals("dead") ? State.DEAD : State.PARKED));
              return states;
            });
  }

  /** The latest first. */
  Future<List<Hour>> hours(
      SqlConnection connection, AccountId account, IntegrationId integration, int limit) {
    return connection
        .preparedQuery(HOURS)
        .execute(Tuple.of(integration.toString(), account.toString(), (long) limit))
        .map(
            rows -> {
              var hours = new ArrayList<Hour>();
              rows.forEach(row -> hours.add(hour(row)));
              return hours;
            });
  }

  private static OffsetDateTime time(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }

  private static long millis(Row row, String name) {
    return row.getOffsetDateTime(name).toInstant().toEpochMilli();
  }

  private static Hour hour(Row row) {
    return new Hour(
        millis(row, "hour"),
        row.getLong("sent"),
        row.getLong("refused"),
        row.getLong("failed"),
        row.getLong("given_up"));
  }

  private static Found found(Row row, boolean fits, boolean isLast) {
    String device = row.getString("device");
    var attempt =
        new Attempt(
            millis(row, "at"),
            row.getString("event"),
            row.getString("name"),
            device.isEmpty() ? null : DeviceId.of(device),
            row.getString("webhook_id"),
            row.getInteger("number"),
            Outcome.of(row.getShort("outcome")),
            row.getShort("status"),
            row.getString("error"),
            row.getString("host"),
            row.getString("method"),
            new Split(
                row.getInteger("resolve_millis"),
                row.getInteger("connect_millis"),
                row.getInteger("tls_millis"),
                row.getInteger("first_byte_millis"),
                row.getInteger("total_millis")),
            row.getBuffer("answer"));
    var place = new AttemptPlace(attempt.atMillis(), row.getLong("id"));
    return new Found(place, IntegrationId.of(row.getString("integration")), attempt, fits, isLast);
  }
}
