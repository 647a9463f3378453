package io.starling.accounts.move;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The table {@code accounts.product_move}, and whose everything of a product is. */
final class MoveStore {
  /** How many devices change hands at once. */
  private static final int BATCH = 1_000;

  private static final String TARGET =
      """
      SELECT FROM accounts.account WHERE id = $1 AND kind IN ('person', 'organization') FOR KEY SHARE
      """;
  private static final String PRODUCT =
      "UPDATE accounts.product SET owner = $3 WHERE id = $1 AND owner = $2";
  private static final String CLIENTS =
      "UPDATE accounts.client SET owner = $3 WHERE product = $1 AND owner = $2";

  /** What acted for the product in the name of its owner. */
  private static final String TOKENS =
      "DELETE FROM accounts.token WHERE product = $1 AND account = $2";

  private static final String FAMILIES =
      "DELETE FROM accounts.token_family WHERE product = $1 AND account = $2";

  /** An owner is in no team of his own. */
  private static final String MEMBER =
      "DELETE FROM accounts.member WHERE product = $1 AND account = $2";

  /** The account is a part of their keys. */
  private static final String ENV =
      """
      WITH gone AS (
        DELETE FROM accounts.env WHERE account = $2 AND (id = $2 || '/product/' || ($1::integer)::text
          OR split_part(id, '/', 2) = 'device' AND EXISTS (
            SELECT FROM accounts.device WHERE device.id = split_part(env.id, '/', 3) AND product = $1::integer))
        RETURNING *)
      INSERT INTO accounts.env (id, account, own, snapshot, version, on_connect, created_at, created_by, updated_at,
        updated_by, rollout_at, rollout_by)
      SELECT $3 || substr(id, length($2) + 1), $3, own, snapshot, version, on_connect, created_at, created_by,
        updated_at, updated_by, rollout_at, rollout_by
      FROM gone
      ON CONFLICT (id) DO UPDATE SET own = excluded.own, snapshot = excluded.snapshot,
        version = greatest(excluded.version, env.version + 1), on_connect = excluded.on_connect,
        updated_at = excluded.updated_at, updated_by = excluded.updated_by, rollout_at = excluded.rollout_at,
        rollout_by = excluded.rollout_by
      """;

  /** Those that are locked are left for later: who waits for several may block another who does. */
  private static final String DEVICES =
      """
      UPDATE accounts.device SET owner = $3 WHERE id IN (
        SELECT id FROM accounts.device WHERE product = $1 AND owner = $2 LIMIT %d FOR NO KEY UPDATE SKIP LOCKED)
      """
          .formatted(BATCH);

  private static final String REMAIN =
      "SELECT FROM accounts.device WHERE product = $1 AND owner = $2 LIMIT 1";
  private static final String BEGIN =
      """
      INSERT INTO accounts.product_move (product, former) VALUES ($1, $2)
      ON CONFLICT (product, former) DO UPDATE SET integrated = false
      """;
  private static final String END =
      "DELETE FROM accounts.product_move WHERE product = $1 AND former = $2";

  /** Unless it was begun anew. */
  private static final String DONE = END + " AND integrated";

  private static final String INTEGRATED =
      "UPDATE accounts.product_move SET integrated = true WHERE product = $1 AND former = $2";

  /** The product keeps its owner meanwhile. */
  private static final String TAKE =
      """
      SELECT product_move.product, former, integrated, product.owner
      FROM accounts.product_move JOIN accounts.product ON product.id = product_move.product
      ORDER BY product_move.created_at LIMIT 1
      FOR UPDATE OF product_move SKIP LOCKED FOR SHARE OF product SKIP LOCKED
      """;

  /** What has to follow a product. */
  record Pending(int product, AccountId former, AccountId owner, boolean integrated) {}

  /**
   * Gives a product to another account; false if the first has none such, or there is no second.
   */
  Future<Boolean> give(SqlConnection connection, int product, AccountId from, AccountId to) {
    return connection
        .preparedQuery(TARGET)
        .execute(Tuple.of(to.toString()))
        .compose(
            found ->
                found.size() == 0
                    ? Future.succeededFuture(0)
                    : run(connection, PRODUCT, three(product, from, to)))
        .map(given -> given == 1);
  }

  /** What follows a product at once, but for its devices. */
  Future<Void> giveBelongings(SqlConnection connection, int product, AccountId from, AccountId to) {
    return run(connection, CLIENTS, three(product, from, to))
        .compose(_ -> run(connection, TOKENS, two(product, from)))
        .compose(_ -> run(connection, FAMILIES, two(product, from)))
        .compose(_ -> run(connection, MEMBER, two(product, to)))
        .compose(_ -> run(connection, ENV, three(product, from, to)))
        .mapEmpty();
  }

  /** Some of the devices, for as long as any are left; completes with how many. */
  Future<Integer> giveDevices(SqlConnection connection, int product, AccountId from, AccountId to) {
    return run(connection, DEVICES, three(product, from, to));
  }

  /** Whether devices of a product are still a former owner's. */
  Future<Boolean> remain(SqlConnection connection, int product, AccountId former) {
    return connection
        .preparedQuery(REMAIN)
        .execute(two(product, former))
        .map(rows -> rows.size() > 0);
  }

  /** Takes note that things of a former owner have to follow, and none of the new one. */
  Future<Void> begin(SqlConnection connection, int product, AccountId former, AccountId owner) {
    return run(connection, BEGIN, two(product, former))
        .compose(_ -> run(connection, END, two(product, owner)))
        .mapEmpty();
  }

  Future<Void> end(SqlConnection connection, Pending move) {
    return run(connection, DONE, two(move.product(), move.former())).mapEmpty();
  }

  Future<Void> integrated(SqlConnection connection, Pending move) {
    return run(connection, INTEGRATED, two(move.product(), move.former())).mapEmpty();
  }

  /** One that nobody else is at, until the transaction ends. */
  Future<Optional<Pending>> take(SqlConnection connection) {
    return connection
        .query(TAKE)
        .execute()
        .map(rows -> rows.stream().findFirst().map(MoveStore::pending));
  }

  private static Pending pending(Row row) {
    return new Pending(
        row.getInteger("product"),
        AccountId.of(row.getString("former")),
        AccountId.of(row.getString("owner")),
        row.getBoolean("integrated"));
  }

  private static Tuple two(int product, AccountId account) {
    return Tuple.of(product, account.toString());
  }

  private static Tuple three(int product, AccountId from, AccountId to) {
    return Tuple.of(product, from.toString(), to.toString());
  }

  private static Future<Integer> run(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values).map(rows -> rows.rowCount());
  }
}
