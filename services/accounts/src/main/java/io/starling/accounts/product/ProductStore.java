package io.starling.accounts.product;

import io.starling.contract.AccountId;
import io.starling.contract.ProductsRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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

  private static final String EDIT =
      """
      UPDATE accounts.product SET name = coalesce($3, name), description = coalesce($4, description),
        quarantine = coalesce($5, quarantine), settings = settings || coalesce($6::jsonb, '{}')
      WHERE id = $1 AND owner = $2
      """;

  /** Whoever wants to put a device into it waits, and finds it gone. */
  private static final String LOCK =
      "SELECT id FROM accounts.product WHERE id = $1 AND owner = $2 FOR UPDATE";

  private static final String DELETE =
      """
      DELETE FROM accounts.product
      WHERE id = $1 AND NOT EXISTS (SELECT FROM accounts.device WHERE product = $1)
      """;

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

  /** Changes what is not null; false if the account owns no such product. */
  Future<Boolean> edit(SqlConnection connection, ProductsRequest.EditProduct change) {
    var settings = change.settings();
    var row =
        Tuple.tuple()
            .addInteger(change.product())
            .addString(change.account().toString())
            .addString(change.name())
            .addString(change.description())
            .addBoolean(change.quarantine())
            .addValue(settings == null ? null : new JsonObject(settings));
    return connection.preparedQuery(EDIT).execute(row).map(rows -> rows.rowCount() == 1);
  }

  /** Keeps a product from getting devices; false if the account owns no such product. */
  Future<Boolean> lock(SqlConnection connection, int product, AccountId owner) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(product, owner.toString()))
        .map(rows -> rows.size() == 1);
  }

  /** Deletes a product; false if it has devices. */
  Future<Boolean> delete(SqlConnection connection, int product) {
    return connection
        .preparedQuery(DELETE)
        .execute(Tuple.of(product))
        .map(rows -> rows.rowCount() == 1);
  }
}
