package io.starling.accounts.login;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** The table {@code accounts.ticket}. */
final class TicketStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.ticket (hash, account)
      SELECT $1, id FROM accounts.account WHERE id = $2 AND kind = 'person'
      """;
  private static final String TAKE =
      """
      DELETE FROM accounts.ticket USING accounts.account
      WHERE hash = $1 AND account.id = ticket.account AND account.kind = 'person'
      RETURNING account.id, ticket.created_at > now() - interval '5 minutes' AS young
      """;
  private static final String DELETE_OLD =
      """
      DELETE FROM accounts.ticket WHERE hash IN
        (SELECT hash FROM accounts.ticket WHERE created_at < now() - interval '1 hour' LIMIT 1000)
      """;

  /** Adds one; false if there is no such person. */
  Future<Boolean> insert(SqlConnection connection, String hash, AccountId account) {
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(hash, account.toString()))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Removes one and tells whose it was, if it was still good. */
  Future<Optional<AccountId>> take(SqlConnection connection, String hash) {
    return connection
        .preparedQuery(TAKE)
        .execute(Tuple.of(hash))
        .map(
            rows ->
                rows.stream()
                    .filter(row -> row.getBoolean("young"))
                    .map(row -> AccountId.of(row.getString("id")))
                    .findFirst());
  }

  Future<Void> deleteOld(SqlConnection connection) {
    return connection.query(DELETE_OLD).execute().mapEmpty();
  }
}
