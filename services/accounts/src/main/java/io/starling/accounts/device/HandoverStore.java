package io.starling.accounts.device;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose the devices of {@code accounts.device} are. */
final class HandoverStore {
  private static final String LOCK =
      """
      SELECT device.owner, device.customer, device.quarantined, product.id AS product, product.owner AS stock
      FROM accounts.device LEFT JOIN accounts.product ON device.product = product.id
      WHERE device.id = $1 FOR UPDATE OF device
      """;
  private static final String CUSTOMER_OF =
      """
      SELECT CASE WHEN kind = 'customer' THEN product ELSE 0 END AS product FROM accounts.account
      WHERE id = $1 FOR KEY SHARE
      """;
  private static final String TO_OWNER = "UPDATE accounts.device SET owner = $2 WHERE id = $1";
  private static final String TO_CUSTOMER =
      """
      UPDATE accounts.device SET owner = $2, customer = $3, customer_since = now() WHERE id = $1
      """;
  private static final String FREE =
      """
      UPDATE accounts.device SET customer = NULL FROM accounts.product
      WHERE device.id = $1 AND device.product = $2 AND product.id = $2 AND product.owner = $3
      """;

  /**
   * A device as it is before it changes hands.
   *
   * @param product 0 if it is in none
   * @param stock who owns its product
   */
  record Before(
      @Nullable AccountId owner,
      @Nullable AccountId customer,
      boolean quarantined,
      int product,
      @Nullable AccountId stock) {}

  /** Finds whose a device is, and keeps that from changing until the transaction ends. */
  Future<Optional<Before>> lock(SqlConnection connection, DeviceId device) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(device.toString()))
        .map(rows -> rows.stream().findFirst().map(HandoverStore::before));
  }

  private static Before before(Row row) {
    Integer product = row.getInteger("product");
    return new Before(
        account(row.getString("owner")),
        account(row.getString("customer")),
        row.getBoolean("quarantined"),
        product == null ? 0 : product,
        account(row.getString("stock")));
  }

  private static @Nullable AccountId account(@Nullable String id) {
    return id == null ? null : AccountId.of(id);
  }

  /** The product that an account is a customer of; 0 for one that is none; empty if it is gone. */
  Future<Optional<Integer>> customerOf(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(CUSTOMER_OF)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.stream().findFirst().map(row -> row.getInteger("product")));
  }

  Future<Void> giveToOwner(SqlConnection connection, DeviceId device, AccountId owner) {
    return run(connection, TO_OWNER, Tuple.of(device.toString(), owner.toString()));
  }

  Future<Void> giveToCustomer(
      SqlConnection connection, DeviceId device, AccountId owner, AccountId customer) {
    return run(
        connection,
        TO_CUSTOMER,
        Tuple.of(device.toString(), owner.toString(), customer.toString()));
  }

  /** Takes a device in a product of an account from its customer; false if it is not there. */
  Future<Boolean> free(SqlConnection connection, AccountId owner, int product, DeviceId device) {
    return connection
        .preparedQuery(FREE)
        .execute(Tuple.of(device.toString(), product, owner.toString()))
        .map(rows -> rows.rowCount() == 1);
  }

  private static Future<Void> run(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values).mapEmpty();
  }
}
