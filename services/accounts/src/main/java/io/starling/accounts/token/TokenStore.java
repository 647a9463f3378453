package io.starling.accounts.token;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.token}. */
public final class TokenStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.token (hash, account, client, expires_at) VALUES ($1, $2, $3, $4)
      """;
  private static final String DELETE = "DELETE FROM accounts.token WHERE hash = $1";
  private static final String DELETE_ALL = "DELETE FROM accounts.token WHERE account = $1";
  private static final String DELETE_EXPIRED =
      """
      DELETE FROM accounts.token WHERE hash IN
        (SELECT hash FROM accounts.token WHERE expires_at < now() - interval '1 day' LIMIT 1000)
      """;

  /** Adds a token, given by its hash. */
  public Future<Void> insert(
      SqlConnection connection,
      String hash,
      AccountId account,
      String client,
      @Nullable Long expiresAtMillis) {
    var expires =
        expiresAtMillis == null
            ? null
            : Instant.ofEpochMilli(expiresAtMillis).atOffset(ZoneOffset.UTC);
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(hash, account.toString(), client, expires))
        .mapEmpty();
  }

  /** Removes a token, if it is there. */
  public Future<Void> delete(SqlConnection connection, String hash) {
    return connection.preparedQuery(DELETE).execute(Tuple.of(hash)).mapEmpty();
  }

  /** Removes all tokens of an account. */
  public Future<Void> deleteAll(SqlConnection connection, AccountId account) {
    return connection.preparedQuery(DELETE_ALL).execute(Tuple.of(account.toString())).mapEmpty();
  }

  /** Removes up to a thousand tokens that expired over a day ago; answers how many. */
  public Future<Integer> deleteExpired(SqlConnection connection) {
    return connection.query(DELETE_EXPIRED).execute().map(rows -> rows.rowCount());
  }
}
