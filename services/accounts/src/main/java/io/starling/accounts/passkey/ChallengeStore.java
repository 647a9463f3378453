package io.starling.accounts.passkey;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code accounts.passkey_challenge}: each row good once, for five minutes. Keeps itself
 * small, for anybody may have rows made: what is added takes old ones away.
 */
final class ChallengeStore {
  private static final String DELETE_OLD =
      """
      DELETE FROM accounts.passkey_challenge WHERE hash IN
        (SELECT hash FROM accounts.passkey_challenge
         WHERE created_at < now() - interval '5 minutes' LIMIT 100 FOR UPDATE SKIP LOCKED)
      """;
  private static final String INSERT =
      """
      INSERT INTO accounts.passkey_challenge (hash, account)
      SELECT $1, $2 WHERE
        (SELECT count(*) FROM (SELECT FROM accounts.passkey_challenge LIMIT $3) AS waiting) < $3
      """;
  private static final String TAKE =
      """
      DELETE FROM accounts.passkey_challenge WHERE hash = $1 AND account IS NOT DISTINCT FROM $2
      RETURNING created_at > now() - interval '5 minutes' AS young
      """;

  /**
   * Adds one; false if there are too many.
   *
   * @param account whose new passkey it is for; null to sign somebody in
   */
  Future<Boolean> add(
      SqlConnection connection, String hash, @Nullable AccountId account, int most) {
    return connection
        .query(DELETE_OLD)
        .execute()
        .compose(_ -> connection.preparedQuery(INSERT).execute(row(hash, account).addValue(most)))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Removes one, and tells whether it was there and still good for this. */
  Future<Boolean> take(SqlConnection connection, String hash, @Nullable AccountId account) {
    return connection
        .preparedQuery(TAKE)
        .execute(row(hash, account))
        .map(rows -> rows.stream().anyMatch(row -> row.getBoolean("young")));
  }

  private static Tuple row(String hash, @Nullable AccountId account) {
    return Tuple.of(hash, account == null ? null : account.toString());
  }
}
