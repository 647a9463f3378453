package io.starling.accounts.product;

import io.starling.contract.AccountsRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** The table {@code accounts.product}. */
final class ProductStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.product (id, slug, name, description, platform, owner) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT DO NOTHING
      """;

  /** Adds a product; false if the number is taken. */
  Future<Boolean> insert(
      SqlConnection connection, int id, String slug, AccountsRequest.CreateProduct product) {
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
}
