package io.starling.accounts.product;

import io.starling.contract.AccountId;
import io.starling.directory.Entry;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** The table {@code accounts.product_authority}. */
final class AuthorityStore {
  private static final String LOCK_PRODUCT =
      "SELECT id FROM accounts.product WHERE id = $1 AND owner = $2 FOR NO KEY UPDATE";
  private static final String COUNT_OTHERS =
      "SELECT count(*) FROM accounts.product_authority WHERE product = $1 AND fingerprint <> $2";
  private static final String INSERT =
      """
      INSERT INTO accounts.product_authority (id, product, fingerprint, certificate) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING
      """;
  private static final String DELETE =
      """
      DELETE FROM accounts.product_authority AS authority USING accounts.product
      WHERE authority.product = product.id AND product.id = $1 AND product.owner = $2 AND authority.fingerprint = $3
      """;

  /** Finds whether an account owns a product, and keeps others from adding to it meanwhile. */
  Future<Boolean> lock(SqlConnection connection, int product, AccountId owner) {
    return connection
        .preparedQuery(LOCK_PRODUCT)
        .execute(Tuple.of(product, owner.toString()))
        .map(rows -> rows.size() == 1);
  }

  /** How many authorities a product has besides this one. */
  Future<Long> countOthers(SqlConnection connection, int product, String fingerprint) {
    return connection
        .preparedQuery(COUNT_OTHERS)
        .execute(Tuple.of(product, fingerprint))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  Future<Void> insert(
      SqlConnection connection, int product, String fingerprint, String certificate) {
    String id = Entry.ProductAuthority.key(product, fingerprint);
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(id, product, fingerprint, certificate))
        .mapEmpty();
  }

  /** False if the account has no such authority. */
  Future<Boolean> delete(
      SqlConnection connection, int product, AccountId owner, String fingerprint) {
    return connection
        .preparedQuery(DELETE)
        .execute(Tuple.of(product, owner.toString(), fingerprint))
        .map(rows -> rows.rowCount() == 1);
  }
}
