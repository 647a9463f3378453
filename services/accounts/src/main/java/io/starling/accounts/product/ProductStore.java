package io.starling.accounts.product;

import io.starling.contract.AccountId;
import io.starling.contract.ProductsRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** The table {@code accounts.product}. */
final class ProductStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.product (id, slug, name, description, platform, owner) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT DO NOTHING
      """;
  private static final String SET_PERMISSIONS =
      "UPDATE accounts.product SET permissions = $3 WHERE id = $1 AND owner = $2";

  private static final String SET_QUARANTINE =
      "UPDATE accounts.product SET quarantine = $3 WHERE id = $1 AND owner = $2";

  /** Adds a product; false if the number is taken. */
  Future<Boolean> insert(
      SqlConnection connection, int id, String slug, ProductsRequest.CreateProduct product) {
    var row =
        Tuple.of(
            id,
            slug,
            product.name(),
            product.description(),
            product.platform(),
            product.account().toString());
    return connection.preparedQuery(INSERT).execute(row).map(rows -> rows.rowCount() == 1);
  }

  /** Replaces the permissions of a product; false if the account owns no such product. */
  Future<Boolean> setPermissions(
      SqlConnection connection, int product, AccountId owner, JsonArray permissions) {
    return connection
        .preparedQuery(SET_PERMISSIONS)
        .execute(Tuple.of(product, owner.toString(), permissions))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Says whether unknown devices are registered; false if the account owns no such product. */
  Future<Boolean> setQuarantine(
      SqlConnection connection, int product, AccountId owner, boolean on) {
    return connection
        .preparedQuery(SET_QUARANTINE)
        .execute(Tuple.of(product, owner.toString(), on))
        .map(rows -> rows.rowCount() == 1);
  }
}
