package io.starling.webhooks.attempt;

import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Writes {@code webhooks.attempt} and {@code webhooks.attempt_hour}. */
public final class AttemptStore {
  private static final String ENSURE_DAY = "SELECT webhooks.ensure_day($1)";

  /**
   * What stands there already counts no second time, so that a batch may be written again. Hours
   * are counted in one order, so that no two writers wait for each other.
   */
  private static final String INSERT =
      """
      WITH stored AS (
        INSERT INTO webhooks.attempt (integration, at, id, account, event, name, device, webhook_id, number, outcome, status, error, host,
          method, resolve_millis, connect_millis, tls_millis, first_byte_millis, total_millis, answer)
        SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
          $9::integer[], $10::smallint[], $11::smallint[], $12::text[], $13::text[], $14::text[], $15::integer[], $16::integer[],
          $17::integer[], $18::integer[], $19::integer[], $20::bytea[])
        ON CONFLICT DO NOTHING
        RETURNING integration, account, date_trunc('hour', at, 'UTC') AS hour, outcome
      )
      INSERT INTO webhooks.attempt_hour AS present (integration, account, hour, sent, refused, failed, given_up)
      SELECT integration, account, hour, count(*) FILTER (WHERE outcome = 0), count(*) FILTER (WHERE outcome = 1),
        count(*) FILTER (WHERE outcome IN (2, 3)), count(*) FILTER (WHERE outcome = 4)
      FROM stored GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (integration, account, hour) DO UPDATE SET
        sent = present.sent + excluded.sent, refused = present.refused + excluded.refused, failed = present.failed + excluded.failed,
        given_up = present.given_up + excluded.given_up
      """;

  private static final String FIND_DAYS =
      """
      SELECT day.relname FROM pg_inherits JOIN pg_class day ON day.oid = inhrelid
      WHERE inhparent = 'webhooks.attempt'::regclass AND day.relname ~ '^attempt_[0-9]{8}$'
      """;
  private static final String FORGET =
      """
      DELETE FROM webhooks.attempt_hour WHERE ctid = ANY (ARRAY(SELECT ctid FROM webhooks.attempt_hour WHERE hour < $1 LIMIT 20000))
      """;
  private static final String LIMIT = "SET LOCAL lock_timeout = '200ms'";
  private static final String TAKE =
      "SELECT pg_try_advisory_xact_lock(hashtext('webhooks.attempt')) AS taken";
  private static final String PREFIX = "attempt_";

  /** A database that does not answer must not hold the log for long. */
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private static final int MAX_KNOWN_DAYS = 100;

  private final PrimaryPool pool;

  /** Days whose partition was there; asked again once anything fails. */
  private final Set<LocalDate> knownDays = new HashSet<>();

  /** A store over the operational database. */
  public AttemptStore(PrimaryPool pool) {
    this.pool = pool;
  }

  /** Writes rows; those that stand there already are left as they are. */
  Future<Void> insert(List<AttemptRow> rows) {
    var days = new LinkedHashSet<LocalDate>();
    rows.forEach(row -> days.add(day(row)));
    days.removeAll(knownDays);
    Function<SqlConnection, Future<Void>> work =
        connection -> {
          Future<?> made = Future.succeededFuture();
          for (var day : days) {
            made = made.compose(_ -> connection.preparedQuery(ENSURE_DAY).execute(Tuple.of(day)));
          }
          return made.compose(_ -> connection.preparedQuery(INSERT).execute(columns(rows)))
              .mapEmpty();
        };
    // One statement is its own transaction.
    var written =
        days.isEmpty() ? pool.withConnection(WITHIN, work) : pool.withTransaction(WITHIN, work);
    return written.onSuccess(_ -> know(days)).onFailure(_ -> knownDays.clear());
  }

  private void know(Set<LocalDate> days) {
    if (knownDays.size() > MAX_KNOWN_DAYS) {
      knownDays.clear();
    }
    knownDays.addAll(days);
  }

  private static LocalDate day(AttemptRow row) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(row.atMillis()), ZoneOffset.UTC);
  }

  /**
   * Makes the partition of a day, and drops those of the days before another.
   *
   * @return false if another node is at it
   */
  Future<Boolean> keep(LocalDate make, LocalDate first) {
    return pool.withTransaction(
        connection ->
            connection
                .query(LIMIT)
                .execute()
                .compose(_ -> connection.query(TAKE).execute())
                .compose(
                    rows ->
                        rows.iterator().next().getBoolean("taken")
                            ? keep(connection, make, first).map(true)
                            : Future.succeededFuture(false)));
  }

  private static Future<Void> keep(SqlConnection connection, LocalDate make, LocalDate first) {
    var before = first.atStartOfDay().atOffset(ZoneOffset.UTC);
    return connection
        .preparedQuery(ENSURE_DAY)
        .execute(Tuple.of(make))
        .compose(_ -> connection.query(FIND_DAYS).execute())
        .compose(
            rows -> {
              Future<?> done = Future.succeededFuture();
              for (var row : rows) {
                String table = row.getString("relname");
                // Names are in the order of their days.
                if (table.compareTo(PREFIX + first.toString().replace("-", "")) < 0) {
                  String drop = "DROP TABLE webhooks." + table;
                  done = done.compose(_ -> connection.query(drop).execute());
                }
              }
              return done;
            })
        .compose(_ -> connection.preparedQuery(FORGET).execute(Tuple.of(before)))
        .mapEmpty();
  }

  private static Tuple columns(List<AttemptRow> rows) {
    return Tuple.tuple()
        .addValue(column(rows, String[]::new, row -> row.integration().toString()))
        .addValue(column(rows, OffsetDateTime[]::new, AttemptStore::at))
        .addValue(column(rows, Long[]::new, AttemptRow::id))
        .addValue(column(rows, String[]::new, row -> row.account().toString()))
        .addValue(column(rows, String[]::new, row -> row.event().toString()))
        .addValue(column(rows, String[]::new, AttemptRow::name))
        .addValue(column(rows, String[]::new, AttemptStore::device))
        .addValue(column(rows, String[]::new, AttemptRow::webhookId))
        .addValue(column(rows, Integer[]::new, AttemptRow::number))
        .addValue(column(rows, Short[]::new, row -> (short) row.outcome().code()))
        .addValue(column(rows, Short[]::new, row -> (short) row.talk().status()))
        .addValue(column(rows, String[]::new, AttemptRow::error))
        .addValue(column(rows, String[]::new, AttemptRow::host))
        .addValue(column(rows, String[]::new, row -> row.talk().method()))
        .addValue(column(rows, Integer[]::new, row -> (int) row.timing().resolveMillis()))
        .addValue(column(rows, Integer[]::new, row -> (int) row.timing().connectMillis()))
        .addValue(column(rows, Integer[]::new, row -> (int) row.timing().tlsMillis()))
        .addValue(column(rows, Integer[]::new, row -> (int) row.timing().firstByteMillis()))
        .addValue(column(rows, Integer[]::new, row -> (int) row.timing().totalMillis()))
        .addValue(column(rows, Buffer[]::new, AttemptRow::answer));
  }

  private static <T> T[] column(
      List<AttemptRow> rows, IntFunction<T[]> array, Function<AttemptRow, T> value) {
    T[] column = array.apply(rows.size());
    for (int i = 0; i < column.length; i++) {
      column[i] = value.apply(rows.get(i));
    }
    return column;
  }

  private static OffsetDateTime at(AttemptRow row) {
    return Instant.ofEpochMilli(row.atMillis()).atOffset(ZoneOffset.UTC);
  }

  /** Empty for none. */
  private static String device(AttemptRow row) {
    return row.device() == null ? "" : row.device().toString();
  }
}
