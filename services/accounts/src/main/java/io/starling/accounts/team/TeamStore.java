package io.starling.accounts.team;

import io.starling.accounts.team.TeamAccounts.Scoped;
import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.member}. */
final class TeamStore {
  /** Teams change one at a time, so that counting them means something. */
  private static final String LOCK = "SELECT owner FROM accounts.product WHERE id = $1 FOR UPDATE";

  private static final String COUNT =
      "SELECT count(*) FROM accounts.member WHERE product = $1 AND (role IS NULL) = $2";
  private static final String INSERT =
      """
      INSERT INTO accounts.member (id, product, account, role, scopes) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT DO NOTHING
      """;
  private static final String SET_ROLE =
      """
      UPDATE accounts.member SET role = $3 WHERE product = $1 AND account = $2 AND role IS NOT NULL
      """;
  private static final String SET_SCOPES =
      """
      UPDATE accounts.member SET scopes = coalesce($3, scopes)
      WHERE product = $1 AND account = $2 AND scopes IS NOT NULL
      RETURNING scopes, (SELECT email FROM accounts.account WHERE id = $2) AS username
      """;
  private static final String DELETE =
      "DELETE FROM accounts.member WHERE product = $1 AND account = $2";

  /** Keeps a team as it is until the end of the transaction; who owns it, empty if nobody does. */
  Future<Optional<AccountId>> lock(SqlConnection connection, int product) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(product))
        .map(rows -> rows.stream().findFirst().map(row -> AccountId.of(row.getString("owner"))));
  }

  /** How many people, or API users, a team has. */
  Future<Long> count(SqlConnection connection, int product, boolean programs) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(product, programs))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Adds a member; false if there is one already. */
  Future<Boolean> insert(
      SqlConnection connection,
      int product,
      AccountId account,
      @Nullable String role,
      @Nullable List<String> scopes) {
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(
                product + "/" + account,
                product,
                account.toString(),
                role,
                scopes == null ? null : scopes.toArray(String[]::new)))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<Boolean> setRole(SqlConnection connection, int product, AccountId member, String role) {
    return connection
        .preparedQuery(SET_ROLE)
        .execute(Tuple.of(product, member.toString(), role))
        .map(rows -> rows.rowCount() == 1);
  }

  /**
   * Changes what an API user may do.
   *
   * @param scopes none leave it as it is
   */
  Future<Optional<Scoped>> setScopes(
      SqlConnection connection, int product, AccountId member, List<String> scopes) {
    return connection
        .preparedQuery(SET_SCOPES)
        .execute(
            Tuple.of(
                product,
                member.toString(),
                scopes.isEmpty() ? null : scopes.toArray(String[]::new)))
        .map(rows -> rows.stream().findFirst().map(row -> Scoped.of(member, row)));
  }

  /** Takes somebody out. */
  Future<Boolean> delete(SqlConnection connection, int product, AccountId member) {
    return connection
        .preparedQuery(DELETE)
        .execute(Tuple.of(product, member.toString()))
        .map(rows -> rows.rowCount() == 1);
  }
}
