package io.starling.accounts.user;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.link}: what mailed links carry, by its hash, good for an hour. */
final class LinkStore {
  private static final int MAX_AN_HOUR = 5;
  private static final String LOCK = "SELECT FROM accounts.account WHERE id = $1 FOR UPDATE";
  private static final String INSERT =
      """
      INSERT INTO accounts.link (hash, account, email)
      SELECT $1, $2, $3 WHERE $4 >
        (SELECT count(*) FROM accounts.link WHERE account = $2 AND created_at > now() - interval '1 hour')
      """;
  private static final String TAKE =
      """
      DELETE FROM accounts.link WHERE hash = $1 AND (email IS NULL) = $2
      RETURNING account, email, created_at > now() - interval '1 hour' AS good
      """;
  private static final String DELETE_ALL =
      "DELETE FROM accounts.link WHERE account = $1 AND email IS NULL";
  private static final String DELETE_OLD =
      """
      DELETE FROM accounts.link WHERE hash IN
        (SELECT hash FROM accounts.link WHERE created_at < now() - interval '1 day' LIMIT 1000)
      """;

  /** A link that was followed; for an address, or for a password if there is none. */
  record Link(AccountId account, @Nullable String email) {}

  /**
   * Adds a link; false if the person was sent enough of them for now. In a transaction: those of
   * one person are counted one after the other.
   */
  Future<Boolean> insert(
      SqlConnection connection, String hash, AccountId account, @Nullable String email) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(account.toString()))
        .compose(
            _ ->
                connection
                    .preparedQuery(INSERT)
                    .execute(Tuple.of(hash, account.toString(), email, MAX_AN_HOUR)))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Takes a link out, which is good once. */
  Future<Optional<Link>> take(SqlConnection connection, String hash, boolean forPassword) {
    return connection
        .preparedQuery(TAKE)
        .execute(Tuple.of(hash, forPassword))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return Optional.empty();
              }
              var row = rows.iterator().next();
              return row.getBoolean("good")
                  ? Optional.of(
                      new Link(AccountId.of(row.getString("account")), row.getString("email")))
                  : Optional.empty();
            });
  }

  /** Removes the links for a new password of an account. */
  Future<Void> deleteAll(SqlConnection connection, AccountId account) {
    return connection.preparedQuery(DELETE_ALL).execute(Tuple.of(account.toString())).mapEmpty();
  }

  /** Removes up to a thousand old links. */
  Future<Void> deleteOld(SqlConnection connection) {
    return connection.query(DELETE_OLD).execute().mapEmpty();
  }
}
