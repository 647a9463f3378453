package io.starling.accounts.client;

import io.starling.contract.AccountId;
import io.starling.contract.PeopleRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.client}. */
final class ClientStore {
  private static final String OWNS =
      "SELECT FROM accounts.product WHERE id = $1 AND owner = $2 FOR SHARE";
  private static final String LOCK = "SELECT FROM accounts.account WHERE id = $1 FOR UPDATE";
  private static final String INSERT =
      """
      INSERT INTO accounts.client (id, owner, product, name, type, redirect_uri, secret_hash, only_customers)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE $9 >
        (SELECT count(*) FROM accounts.client WHERE owner = $2)
      ON CONFLICT DO NOTHING
      """;
  private static final String RENAME =
      """
      UPDATE accounts.client SET name = $4
      WHERE id = $1 AND owner = $2 AND product IS NOT DISTINCT FROM $3
      """;
  private static final String DELETE =
      """
      DELETE FROM accounts.client
      WHERE id = $1 AND owner = $2 AND product IS NOT DISTINCT FROM $3
      """;
  private static final String PRODUCT =
      """
      SELECT product.id, product.owner FROM accounts.client
        JOIN accounts.product ON product.id = client.product AND product.owner = client.owner
      WHERE client.id = $1
      FOR SHARE
      """;

  /** Whom a client acts for. */
  record ActsFor(AccountId account, int product) {}

  Future<Boolean> ownsProduct(SqlConnection connection, AccountId account, int product) {
    return connection
        .preparedQuery(OWNS)
        .execute(Tuple.of(product, account.toString()))
        .map(rows -> rows.size() == 1);
  }

  /** Adds a client; false if the account has as many as it may, or the id is taken. */
  Future<Boolean> insert(
      SqlConnection connection,
      String id,
      String secretHash,
      PeopleRequest.CreateClient client,
      int most) {
    var owner = client.account().toString();
    var row =
        Tuple.of(
            id,
            owner,
            product(client.product()),
            client.name(),
            client.type(),
            client.redirectUri(),
            secretHash,
            client.onlyCustomers(),
            most);
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(owner))
        .compose(_ -> connection.preparedQuery(INSERT).execute(row))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<Boolean> rename(SqlConnection connection, PeopleRequest.EditClient edit) {
    var row =
        Tuple.of(edit.client(), edit.account().toString(), product(edit.product()), edit.name());
    return connection.preparedQuery(RENAME).execute(row).map(rows -> rows.rowCount() == 1);
  }

  /** Removes a client. */
  Future<Boolean> delete(SqlConnection connection, PeopleRequest.DeleteClient delete) {
    var row = Tuple.of(delete.client(), delete.account().toString(), product(delete.product()));
    return connection.preparedQuery(DELETE).execute(row).map(rows -> rows.rowCount() == 1);
  }

  /** The product that a client acts for; empty if it is of none, or is there no more. */
  Future<Optional<ActsFor>> actsFor(SqlConnection connection, String client) {
    return connection
        .preparedQuery(PRODUCT)
        .execute(Tuple.of(client))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return Optional.empty();
              }
              var row = rows.iterator().next();
              return Optional.of(
                  new ActsFor(AccountId.of(row.getString("owner")), row.getInteger("id")));
            });
  }

  private static @Nullable Integer product(int number) {
    return number == 0 ? null : number;
  }
}
