package io.starling.accounts.device;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The table {@code accounts.claim_code}. */
final class ClaimCodeStore {
  private static final String COUNT =
      "SELECT count(*) FROM accounts.claim_code WHERE account = $1 AND expires_at > now()";
  private static final String INSERT =
      "INSERT INTO accounts.claim_code (hash, account, expires_at) VALUES ($1, $2, now() + interval '1 day')";
  private static final String LOCK =
      "SELECT account FROM accounts.claim_code WHERE hash = $1 AND expires_at > now() FOR UPDATE";
  private static final String DELETE = "DELETE FROM accounts.claim_code WHERE hash = $1";
  private static final String DELETE_EXPIRED =
      "DELETE FROM accounts.claim_code WHERE expires_at <= now()";

  /** How many codes of an account are good. */
  Future<Long> count(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  Future<Void> insert(SqlConnection connection, String hash, AccountId account) {
    return connection.preparedQuery(INSERT).execute(Tuple.of(hash, account.toString())).mapEmpty();
  }

  /** Finds whose a good code is, and keeps others from using it meanwhile. */
  Future<Optional<AccountId>> lock(SqlConnection connection, String hash) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(hash))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(AccountId.of(rows.iterator().next().getString("account"))));
  }

  Future<Void> delete(SqlConnection connection, String hash) {
    return connection.preparedQuery(DELETE).execute(Tuple.of(hash)).mapEmpty();
  }

  Future<Void> deleteExpired(SqlConnection connection) {
    return connection.query(DELETE_EXPIRED).execute().mapEmpty();
  }
}
