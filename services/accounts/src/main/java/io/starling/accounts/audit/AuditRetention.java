package io.starling.accounts.audit;

import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the months to come, and drops those whose last day is older than the audit is kept. Belongs
 * to one event loop.
 */
public final class AuditRetention {
  private static final Logger LOG = LoggerFactory.getLogger(AuditRetention.class);
  private static final Duration PAUSE = Duration.ofHours(1);
  private static final int MONTHS_AHEAD = 13;
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuuMM");
  private static final String LIMIT = "SET LOCAL lock_timeout = '200ms'";
  private static final String FIND =
      """
      SELECT month.relname FROM pg_inherits JOIN pg_class month ON month.oid = inhrelid
      WHERE inhparent = 'starling.audit'::regclass AND month.relname ~ '^audit_[0-9]{6}$' ORDER BY 1
      """;
  private static final String MAKE = "SELECT starling.ensure_audit_month($1)";
  private static final String DROP = "DROP TABLE IF EXISTS starling.audit_";

  private final PrimaryPool database;
  private final int days;
  private final InstantSource clock;

  /** Of this database. */
  public AuditRetention(PrimaryPool database, int days, InstantSource clock) {
    this.database = database;
    this.days = days;
    this.clock = clock;
  }

  /** Turns now, and every hour. */
  public void run(Vertx vertx) {
    turn()
        .onFailure(cause -> LOG.debug("Months of the audit wait: {}", cause.getMessage()))
        .onComplete(_ -> vertx.setTimer(PAUSE.toMillis(), _ -> run(vertx)));
  }

  /** One look, and all that there is to do; waits for no lock longer than a moment. */
  public Future<Void> turn() {
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return database.withTransaction(
        connection ->
            connection
                .query(LIMIT)
                .execute()
                .compose(_ -> connection.query(FIND).execute())
                .compose(
                    rows -> {
                      var present = new ArrayList<YearMonth>();
                      for (Row row : rows) {
                        present.add(YearMonth.parse(row.getString("relname").substring(6), MONTH));
                      }
                      return make(connection, present, today)
                          .compose(_ -> drop(connection, present, today));
                    }));
  }

  private static Future<?> make(
      SqlConnection connection, List<YearMonth> present, LocalDate today) {
    Future<?> made = Future.succeededFuture();
    for (int ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
      var month = YearMonth.from(today).plusMonths(ahead);
      if (!present.contains(month)) {
        var first = Tuple.of(month.atDay(1));
        made = made.compose(_ -> connection.preparedQuery(MAKE).execute(first));
      }
    }
    return made;
  }

  private Future<Void> drop(SqlConnection connection, List<YearMonth> present, LocalDate today) {
    Future<?> dropped = Future.succeededFuture();
    for (var month : present) {
      if (month.atEndOfMonth().plusDays(days).isBefore(today)) {
        dropped = dropped.compose(_ -> connection.query(DROP + MONTH.format(month)).execute());
        LOG.info("Dropping {} of the audit: it was kept long enough", month);
      }
    }
    return dropped.mapEmpty();
  }
}
