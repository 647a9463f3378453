package io.starling.accounts.feed;

import io.starling.contract.Change;
import io.starling.contract.FeedPosition;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The table {@code starling.change_log}, which every configuration table writes to by trigger. */
final class ChangeLogStore {
  static final int MAX_CHANGES = 500;

  /**
   * Only transactions below the oldest that still runs: none of them can add anything any more, so
   * nothing that becomes visible later has a place before what is read here. Sequence numbers alone
   * would not do: they become visible out of order.
   */
  private static final String READ =
      """
      SELECT edge.term AS now_term, edge.xmin::text::bigint AS now_xmin,
             log.term, log.transaction::text::bigint AS transaction, log.sequence, log.kind, log.key,
             -- What is not set is left out: many rows have much of it, and everybody holds them.
             CASE WHEN log.after IS NOT NULL THEN
               (SELECT jsonb_object_agg(name, value) FROM jsonb_each(log.after) AS columns (name, value) WHERE value <> 'null')::text
             END AS row
      FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin, starling.restores() AS term) AS edge
      LEFT JOIN LATERAL (
        SELECT * FROM starling.change_log
        WHERE (term, transaction, sequence) > ($1::integer, $2::bigint::text::xid8, $3::bigint) AND (term < edge.term OR transaction < edge.xmin)
        ORDER BY term, transaction, sequence LIMIT %d) AS log ON true
      ORDER BY log.term, log.transaction, log.sequence
      """
          .formatted(MAX_CHANGES);

  private static final String FORGET =
      """
      DELETE FROM starling.change_log WHERE at < now() - interval '30 days'
        AND (term, transaction) < ($1::integer, $2::bigint::text::xid8)
      """;

  /**
   * What there is behind a position.
   *
   * @param to where the feed stands with these changes
   */
  record Page(List<Change> changes, FeedPosition to) {
    boolean isFull() {
      return changes.size() == MAX_CHANGES;
    }
  }

  Future<Page> read(SqlConnection connection, FeedPosition from) {
    return connection
        .preparedQuery(READ)
        .execute(Tuple.of((int) from.term(), from.transaction(), from.sequence()))
        .map(ChangeLogStore::page);
  }

  /** Deletes what was fed and is older than thirty days. */
  Future<Integer> forget(SqlConnection connection, FeedPosition fed) {
    return connection
        .preparedQuery(FORGET)
        .execute(Tuple.of((int) fed.term(), fed.transaction()))
        .map(rows -> rows.rowCount());
  }

  private static Page page(RowSet<Row> rows) {
    var changes = new ArrayList<Change>();
    FeedPosition last = FeedPosition.START;
    FeedPosition edge = FeedPosition.START;
    for (Row row : rows) {
      edge = new FeedPosition(row.getInteger("now_term"), row.getLong("now_xmin"), 0);
      if (row.getString("kind") != null) {
        changes.add(
            new Change(
                row.getString("kind"),
                row.getString("key"),
                row.getInteger("term"),
                row.getLong("sequence"),
                row.getString("row")));
        last =
            new FeedPosition(
                row.getInteger("term"), row.getLong("transaction"), row.getLong("sequence"));
      }
    }
    // A full page ends inside of the range, maybe inside of a transaction; any other has brought
    // all there is.
    return new Page(changes, changes.size() == MAX_CHANGES ? last : edge);
  }
}
