package io.starling.accounts.user;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The table {@code accounts.account}. */
final class UserStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.account (id, email, password_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
      """;
  private static final String FIND =
      """
      SELECT id, password_hash FROM accounts.account WHERE lower(email) = lower($1)
      """;

  /** Someone who may log in. */
  record User(AccountId id, String passwordHash) {
    @Override
    public String toString() {
      return "User[" + id + "]";
    }
  }

  /** Adds an account; false if the address is taken. */
  Future<Boolean> insert(
      SqlConnection connection, AccountId id, String email, String passwordHash) {
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(id.toString(), email, passwordHash))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<Optional<User>> find(SqlConnection connection, String email) {
    return connection
        .preparedQuery(FIND)
        .execute(Tuple.of(email))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(user(rows.iterator().next())));
  }

  private static User user(Row row) {
    return new User(AccountId.of(row.getString("id")), row.getString("password_hash"));
  }
}
