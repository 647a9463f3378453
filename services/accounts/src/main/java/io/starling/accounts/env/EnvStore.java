package io.starling.accounts.env;

import io.starling.contract.AccountId;
import io.starling.contract.EnvRequest;
import io.starling.contract.EnvScope;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The table {@code accounts.env}. */
final class EnvStore {
  /** The account's row is the lock on all of its variables. */
  private static final String LOCK = "SELECT FROM accounts.account WHERE id = $1 FOR NO KEY UPDATE";

  private static final String FIND = "SELECT own FROM accounts.env WHERE id = $1";
  private static final String SIZE =
      """
      SELECT count(*) AS scopes, coalesce(sum(octet_length(own)), 0)::bigint AS bytes
      FROM accounts.env WHERE account = $1 AND id <> $2
      """;
  private static final String PUT =
      """
      INSERT INTO accounts.env (id, account, own, created_by, updated_by) VALUES ($1, $2, $3, $4, $4)
      ON CONFLICT (id) DO UPDATE SET own = excluded.own, updated_at = now(), updated_by = excluded.updated_by
      """;

  /** The time rather than a count, so that a restored database gives no version twice. */
  private static final String ROLL_OUT =
      """
      UPDATE accounts.env SET snapshot = own, on_connect = $2, rollout_at = now(), rollout_by = $3,
        version = greatest(version + 1, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
      WHERE id = $1
      """;

  /** What an account has together. */
  record Size(long scopes, long bytes) {}

  /** Keeps others from changing variables of an account; false if there is no such account. */
  Future<Boolean> lock(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.size() == 1);
  }

  /** The draft of a scope; empty if nothing was ever set. */
  Future<Optional<JsonObject>> find(SqlConnection connection, EnvScope scope) {
    return connection
        .preparedQuery(FIND)
        .execute(Tuple.of(scope.key()))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(new JsonObject(rows.iterator().next().getString("own"))));
  }

  /** What the account has beside a scope. */
  Future<Size> sizeOfOthers(SqlConnection connection, EnvScope scope) {
    return connection
        .preparedQuery(SIZE)
        .execute(Tuple.of(scope.account().toString(), scope.key()))
        .map(rows -> rows.iterator().next())
        .map(row -> new Size(row.getLong("scopes"), row.getLong("bytes")));
  }

  Future<Void> put(SqlConnection connection, EnvRequest.ChangeEnv change, String own) {
    var scope = change.scope();
    var row = Tuple.of(scope.key(), scope.account().toString(), own, change.by().toString());
    return connection.preparedQuery(PUT).execute(row).mapEmpty();
  }

  /** Also where nothing was ever set, and nothing is to be told. */
  Future<Void> rollOut(SqlConnection connection, EnvRequest.RollOutEnv request) {
    var row = Tuple.of(request.scope().key(), request.onConnect(), request.by().toString());
    return connection.preparedQuery(ROLL_OUT).execute(row).mapEmpty();
  }
}
