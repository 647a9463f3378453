package io.starling.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;

/** What a server says of itself: whether it accepts writes, and its term (none on a standby). */
record Standing(boolean writable, Term term) {
  private static final String SELF =
      """
      select not pg_is_in_recovery() and not current_setting('transaction_read_only')::boolean,
             case when pg_is_in_recovery() then '00000000'
                  else pg_walfile_name(pg_current_wal_lsn()) end,
             to_regclass('starling.term') is not null
      """;
  static final String RESTORES = "select restores from starling.term";
  private static final int TIMELINE_DIGITS = 8;

  /** Asks on this connection, by simple queries: these need no prepared statement. */
  static Future<Standing> read(SqlConnection connection) {
    return connection
        .query(SELF)
        .execute()
        .compose(
            rows -> {
              Row self = rows.iterator().next();
              boolean writable = self.getBoolean(0);
              if (!writable) {
                return Future.succeededFuture(new Standing(false, Term.NONE));
              }
              long timeline = timeline(self.getString(1));
              return restores(connection, self.getBoolean(2))
                  .map(restores -> new Standing(true, new Term(restores, timeline)));
            });
  }

  /** The timeline is the first part of the name of a log file. */
  static long timeline(String logFile) {
    return Long.parseLong(logFile.substring(0, TIMELINE_DIGITS), 16);
  }

  private static Future<Long> restores(SqlConnection connection, boolean known) {
    if (!known) {
      return Future.succeededFuture(0L);
    }
    return connection
        .query(RESTORES)
        .execute()
        .map(rows -> rows.size() == 0 ? 0L : rows.iterator().next().getLong(0));
  }
}
