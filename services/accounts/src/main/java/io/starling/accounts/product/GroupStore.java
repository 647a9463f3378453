package io.starling.accounts.product;

import io.starling.contract.ProductsRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The table {@code accounts.device_group}. */
final class GroupStore {
  private static final String COUNT =
      "SELECT count(*) FROM accounts.device_group WHERE product = $1";
  private static final String INSERT =
      """
      INSERT INTO accounts.device_group (id, product, name, description, color) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT DO NOTHING
      """;
  private static final String FIND =
      "SELECT id FROM accounts.device_group WHERE product = $1 AND name = $2";
  private static final String EDIT =
      """
      UPDATE accounts.device_group SET name = coalesce($2, name), description = coalesce($3, description),
        color = coalesce($4, color)
      WHERE id = $1
      """;
  private static final String DELETE =
      """
      DELETE FROM accounts.device_group AS gone USING accounts.product
      WHERE gone.product = product.id AND product.id = $1 AND product.owner = $2 AND gone.name = $3
      """;

  Future<Long> count(SqlConnection connection, int product) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(product))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Adds one; false if its name is in use. */
  Future<Boolean> insert(SqlConnection connection, String id, ProductsRequest.CreateGroup group) {
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(id, group.product(), group.name(), group.description(), group.color()))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Finds the id of a group. */
  Future<Optional<String>> find(SqlConnection connection, int product, String name) {
    return connection.preparedQuery(FIND).execute(Tuple.of(product, name)).map(GroupStore::id);
  }

  private static Optional<String> id(RowSet<Row> rows) {
    return rows.size() == 0
        ? Optional.empty()
        : Optional.of(rows.iterator().next().getString("id"));
  }

  /** Changes what is not null. */
  Future<Void> edit(SqlConnection connection, String id, ProductsRequest.EditGroup change) {
    return connection
        .preparedQuery(EDIT)
        .execute(
            Tuple.tuple()
                .addString(id)
                .addString(change.name())
                .addString(change.description())
                .addString(change.color()))
        .mapEmpty();
  }

  /** False if the account has no such group. */
  Future<Boolean> delete(SqlConnection connection, ProductsRequest.DeleteGroup request) {
    return connection
        .preparedQuery(DELETE)
        .execute(Tuple.of(request.product(), request.account().toString(), request.group()))
        .map(rows -> rows.rowCount() == 1);
  }
}
