package io.starling.accounts.ledger;

import io.starling.contract.AccountId;
import io.starling.contract.LedgersRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The table {@code accounts.ledger}. */
final class LedgerStore {
  private static final String COUNT = "SELECT count(*) FROM accounts.ledger WHERE account = $1";
  private static final String INSERT =
      """
      INSERT INTO accounts.ledger (id, account, name, scope, upstream, description) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT DO NOTHING
      """;
  private static final String EDIT =
      """
      UPDATE accounts.ledger SET description = coalesce($3, description), updated_at = now(),
        archived_at = CASE $4::boolean WHEN true THEN coalesce(archived_at, now()) WHEN false THEN NULL ELSE archived_at END
      WHERE account = $1 AND name = $2
      """;
  private static final String FIND =
      "SELECT id, upstream, archived_at IS NOT NULL AS archived FROM accounts.ledger WHERE account = $1 AND name = $2";

  /** One writer of its instances at a time. */
  private static final String LOCK = FIND + " FOR NO KEY UPDATE";

  /** What the database says of a ledger. */
  record Found(String id, boolean upstream, boolean archived) {}

  Future<Long> count(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Adds one; false if its name is in use. */
  Future<Boolean> insert(SqlConnection connection, String id, LedgersRequest.CreateLedger ledger) {
    var row =
        Tuple.of(
            id,
            ledger.account().toString(),
            ledger.name(),
            ledger.scope().name(),
            ledger.upstream(),
            ledger.description());
    return connection.preparedQuery(INSERT).execute(row).map(rows -> rows.rowCount() == 1);
  }

  /** Changes what is not null; false if the account has no such ledger. */
  Future<Boolean> edit(SqlConnection connection, LedgersRequest.EditLedger change) {
    var row =
        Tuple.tuple()
            .addString(change.account().toString())
            .addString(change.name())
            .addString(change.description())
            .addBoolean(change.archived());
    return connection.preparedQuery(EDIT).execute(row).map(rows -> rows.rowCount() == 1);
  }

  Future<Optional<Found>> find(SqlConnection connection, AccountId account, String name) {
    return find(connection, FIND, account, name);
  }

  /** Finds one, and keeps others from writing its instances until the end of the transaction. */
  Future<Optional<Found>> lock(SqlConnection connection, AccountId account, String name) {
    return find(connection, LOCK, account, name);
  }

  private static Future<Optional<Found>> find(
      SqlConnection connection, String sql, AccountId account, String name) {
    return connection
        .preparedQuery(sql)
        .execute(Tuple.of(account.toString(), name))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(found(rows.iterator().next())));
  }

  private static Found found(Row row) {
    return new Found(row.getString("id"), row.getBoolean("upstream"), row.getBoolean("archived"));
  }
}
