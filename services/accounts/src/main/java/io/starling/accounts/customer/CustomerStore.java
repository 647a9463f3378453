package io.starling.accounts.customer;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The customers among {@code accounts.account}. */
final class CustomerStore {
  /** The product cannot be deleted meanwhile. */
  private static final String PRODUCT =
      """
      SELECT product.id FROM accounts.client
        JOIN accounts.product ON product.id = client.product AND product.owner = client.owner
      WHERE client.id = $1
      FOR SHARE
      """;

  private static final String COUNT =
      "SELECT count(*) FROM accounts.account WHERE product = $1 AND kind = 'customer'";
  private static final String INSERT =
      """
      INSERT INTO accounts.account (id, email, password_hash, kind, product)
      VALUES ($1, $2, $3, 'customer', $4) ON CONFLICT DO NOTHING
      """;
  private static final String FIND =
      """
      SELECT id FROM accounts.account
      WHERE product = $1 AND lower(email) = lower($2) AND kind = 'customer' FOR UPDATE
      """;
  private static final String SET_HASH =
      "UPDATE accounts.account SET password_hash = $2 WHERE id = $1";
  private static final String DELETE = "DELETE FROM accounts.account WHERE id = $1";

  /** The product that a client is of; empty if there is no such client any more. */
  Future<Optional<Integer>> product(SqlConnection connection, String client) {
    return connection
        .preparedQuery(PRODUCT)
        .execute(Tuple.of(client))
        .map(rows -> rows.stream().findFirst().map(row -> row.getInteger("id")));
  }

  Future<Long> count(SqlConnection connection, int product) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(product))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Adds one; false if the product has a customer of this address. */
  Future<Boolean> insert(
      SqlConnection connection, AccountId id, String email, String hash, int product) {
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(id.toString(), email, hash, product))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Locks the customer of an address. */
  Future<Optional<AccountId>> lock(SqlConnection connection, int product, String email) {
    return connection
        .preparedQuery(FIND)
        .execute(Tuple.of(product, email))
        .map(rows -> rows.stream().findFirst().map(row -> AccountId.of(row.getString("id"))));
  }

  Future<Void> setHash(SqlConnection connection, AccountId id, String hash) {
    return connection.preparedQuery(SET_HASH).execute(Tuple.of(id.toString(), hash)).mapEmpty();
  }

  /** Removes one, with his tokens; the database takes his devices from him. */
  Future<Void> delete(SqlConnection connection, AccountId id) {
    return connection.preparedQuery(DELETE).execute(Tuple.of(id.toString())).mapEmpty();
  }
}
