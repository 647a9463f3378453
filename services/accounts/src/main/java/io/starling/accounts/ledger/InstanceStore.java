package io.starling.accounts.ledger;

import io.starling.contract.AccountId;
import io.starling.contract.LedgersRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.ledger_instance}, and what its rows were before. */
final class InstanceStore {
  private static final String FIND =
      "SELECT version, data FROM accounts.ledger_instance WHERE id = $1 || '/' || $2 FOR UPDATE";

  /** The time rather than a count, so that a restored database gives no version twice. */
  private static final String PUT =
      """
      INSERT INTO accounts.ledger_instance AS instance (id, ledger, scope_value, version, data)
      VALUES ($1 || '/' || $2, $1, $2, floor(extract(epoch FROM clock_timestamp()) * 1000), $3)
      ON CONFLICT (id) DO UPDATE SET data = excluded.data, updated_at = now(),
        created_at = CASE WHEN instance.data IS NULL THEN now() ELSE instance.created_at END,
        version = greatest(instance.version + 1, excluded.version)
      RETURNING version
      """;

  private static final String KEEP =
      """
      INSERT INTO accounts.ledger_version (ledger, scope_value, version, data, created_at, replaced_at)
      SELECT ledger, scope_value, version, data, updated_at, now() FROM accounts.ledger_instance
      WHERE id = $1 || '/' || $2 AND data IS NOT NULL
      """;
  private static final String FORGET =
      """
      DELETE FROM accounts.ledger_version WHERE ledger = $1 AND scope_value = $2 AND version NOT IN (
        SELECT version FROM accounts.ledger_version WHERE ledger = $1 AND scope_value = $2
        ORDER BY version DESC LIMIT %d)
      """
          .formatted(LedgersRequest.KEPT_VERSIONS);
  private static final String SIZE =
      """
      SELECT count(*) AS instances, coalesce(sum(octet_length(data)), 0)::bigint AS bytes
      FROM accounts.ledger_instance AS instance JOIN accounts.ledger ON instance.ledger = ledger.id
      WHERE account = $1
      """;

  /**
   * What an instance is.
   *
   * @param version 0 if it never was
   * @param data null if it is not there
   */
  record Present(long version, @Nullable String data) {
    /** What others see of it. */
    long visibleVersion() {
      return data == null ? 0 : version;
    }
  }

  /** What an account has together. */
  record Size(long instances, long bytes) {}

  /** An instance, locked if there is one. */
  Future<Present> find(SqlConnection connection, String ledger, String scopeValue) {
    return connection
        .preparedQuery(FIND)
        .execute(Tuple.of(ledger, scopeValue))
        .map(rows -> rows.size() == 0 ? new Present(0, null) : present(rows.iterator().next()));
  }

  private static Present present(Row row) {
    return new Present(row.getLong("version"), row.getString("data"));
  }

  /** Replaces an instance and keeps what it was; completes with its new version. */
  Future<Long> put(
      SqlConnection connection, String ledger, String scopeValue, @Nullable String data) {
    var key = Tuple.of(ledger, scopeValue);
    return connection
        .preparedQuery(KEEP)
        .execute(key)
        .compose(_ -> connection.preparedQuery(FORGET).execute(key))
        .compose(
            _ ->
                connection
                    .preparedQuery(PUT)
                    .execute(Tuple.tuple().addString(ledger).addString(scopeValue).addString(data)))
        .map(rows -> rows.iterator().next().getLong("version"));
  }

  Future<Size> size(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(SIZE)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.iterator().next())
        .map(row -> new Size(row.getLong("instances"), row.getLong("bytes")));
  }
}
