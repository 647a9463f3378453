package io.starling.accounts.user;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The table {@code accounts.account}. */
final class UserStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.account (id, email, password_hash, info) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
      """;
  private static final String FIND =
      """
      SELECT id, email, password_hash FROM accounts.account
      WHERE lower(email) = lower($1) AND kind = 'person'
      """;
  private static final String FIND_BY_ID =
      "SELECT id, email, password_hash FROM accounts.account WHERE id = $1 AND kind = 'person'";
  private static final String FIND_CUSTOMER =
      """
      SELECT id, email, password_hash FROM accounts.account
      WHERE product = $1 AND lower(email) = lower($2) AND kind = 'customer'
      """;
  private static final String LOCK_BY_ID = FIND_BY_ID + " FOR UPDATE";
  private static final String DESCRIBE = "UPDATE accounts.account SET info = $2 WHERE id = $1";
  private static final String SET_HASH =
      "UPDATE accounts.account SET password_hash = $2 WHERE id = $1";
  private static final String REPLACE_HASH =
      """
      UPDATE accounts.account SET password_hash = $3 WHERE id = $1 AND password_hash = $2
      """;
  private static final String SET_EMAIL =
      """
      UPDATE accounts.account SET email = $2 WHERE id = $1 AND NOT EXISTS
        (SELECT FROM accounts.account WHERE lower(email) = lower($2) AND id <> $1 AND kind <> 'customer')
      """;
  private static final String RELEASE_DEVICES =
      "UPDATE accounts.device SET owner = NULL WHERE owner = $1";
  private static final String DELETE = "DELETE FROM accounts.account WHERE id = $1";

  /** Or an organization that nobody else owns. */
  private static final String OWNS_PRODUCTS =
      """
      SELECT FROM accounts.product WHERE owner = $1
      UNION ALL
      SELECT FROM accounts.organization_member AS owned
      WHERE account = $1 AND role = 'owner' AND NOT EXISTS (
        SELECT FROM accounts.organization_member
        WHERE organization = owned.organization AND role = 'owner' AND account <> $1)
      LIMIT 1
      """;

  /** Someone who may log in. */
  record User(AccountId id, String email, String passwordHash) {
    /** Who signed up through a provider has none until he sets one. */
    boolean hasPassword() {
      return !passwordHash.isEmpty();
    }

    @Override
    public String toString() {
      return "User[" + id + "]";
    }
  }

  /** Adds an account; false if the address is taken. */
  Future<Boolean> insert(
      SqlConnection connection, AccountId id, String email, String passwordHash, JsonObject info) {
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(id.toString(), email, passwordHash, info))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<Optional<User>> find(SqlConnection connection, String email) {
    return find(connection, FIND, Tuple.of(email));
  }

  Future<Optional<User>> find(SqlConnection connection, AccountId id) {
    return find(connection, FIND_BY_ID, Tuple.of(id.toString()));
  }

  /** The same, locked until the transaction ends. */
  Future<Optional<User>> lock(SqlConnection connection, AccountId id) {
    return find(connection, LOCK_BY_ID, Tuple.of(id.toString()));
  }

  /** A customer of a product. */
  Future<Optional<User>> find(SqlConnection connection, int product, String email) {
    return find(connection, FIND_CUSTOMER, Tuple.of(product, email));
  }

  private static Future<Optional<User>> find(SqlConnection connection, String sql, Tuple key) {
    return connection
        .preparedQuery(sql)
        .execute(key)
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(user(rows.iterator().next())));
  }

  Future<Void> describe(SqlConnection connection, AccountId id, JsonObject info) {
    return connection.preparedQuery(DESCRIBE).execute(Tuple.of(id.toString(), info)).mapEmpty();
  }

  Future<Void> setHash(SqlConnection connection, AccountId id, String hash) {
    return connection.preparedQuery(SET_HASH).execute(Tuple.of(id.toString(), hash)).mapEmpty();
  }

  /** Replaces the hash of a password, unless the password was changed meanwhile. */
  Future<Void> replaceHash(SqlConnection connection, AccountId id, String before, String hash) {
    return connection
        .preparedQuery(REPLACE_HASH)
        .execute(Tuple.of(id.toString(), before, hash))
        .mapEmpty();
  }

  /** Changes the address; false if it is taken. */
  Future<Boolean> setEmail(SqlConnection connection, AccountId id, String email) {
    return connection
        .preparedQuery(SET_EMAIL)
        .execute(Tuple.of(id.toString(), email))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Removes an account, whose devices are nobody's then; false if it owns products. */
  Future<Boolean> delete(SqlConnection connection, AccountId id) {
    return connection
        .preparedQuery(OWNS_PRODUCTS)
        .execute(Tuple.of(id.toString()))
        .compose(
            owns ->
                owns.size() > 0
                    ? Future.succeededFuture(false)
                    : connection
                        .preparedQuery(RELEASE_DEVICES)
                        .execute(Tuple.of(id.toString()))
                        .compose(
                            _ -> connection.preparedQuery(DELETE).execute(Tuple.of(id.toString())))
                        .map(true));
  }

  private static User user(Row row) {
    return new User(
        AccountId.of(row.getString("id")), row.getString("email"), row.getString("password_hash"));
  }
}
