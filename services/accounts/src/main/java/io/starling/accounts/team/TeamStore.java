package io.starling.accounts.team;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.member}, and the accounts of API users. */
final class TeamStore {
  /** Teams change one at a time, so that counting them means something. */
  private static final String LOCK = "SELECT owner FROM accounts.product WHERE id = $1 FOR UPDATE";

  private static final String FIND_PERSON =
      "SELECT id FROM accounts.account WHERE lower(email) = lower($1) AND kind = 'person'";
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
  private static final String DELETE_PROGRAM =
      "DELETE FROM accounts.account WHERE id = $2 AND kind = 'program' AND product = $1";
  private static final String INSERT_PROGRAM =
      """
      INSERT INTO accounts.account (id, email, password_hash, info, kind, product)
      VALUES ($1, $2, '', jsonb_build_object('friendly_name', $3::text), 'program', $4)
      """;

  /** An API user, and what it may do. */
  record Program(String username, List<String> scopes) {}

  /** Keeps a team as it is until the end of the transaction; who owns it, empty if nobody does. */
  Future<Optional<AccountId>> lock(SqlConnection connection, int product) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(product))
        .map(rows -> rows.stream().findFirst().map(row -> AccountId.of(row.getString("owner"))));
  }

  Future<Optional<AccountId>> findPerson(SqlConnection connection, String email) {
    return connection
        .preparedQuery(FIND_PERSON)
        .execute(Tuple.of(email))
        .map(rows -> rows.stream().findFirst().map(row -> AccountId.of(row.getString("id"))));
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
  Future<Optional<Program>> setScopes(
      SqlConnection connection, int product, AccountId member, List<String> scopes) {
    return connection
        .preparedQuery(SET_SCOPES)
        .execute(
            Tuple.of(
                product,
                member.toString(),
                scopes.isEmpty() ? null : scopes.toArray(String[]::new)))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            new Program(
                                row.getString("username"),
                                List.of(row.getArrayOfStrings("scopes")))));
  }

  /** Takes somebody out; an API user goes with all that is its. */
  Future<Boolean> delete(SqlConnection connection, int product, AccountId member) {
    var both = Tuple.of(product, member.toString());
    return connection
        .preparedQuery(DELETE)
        .execute(both)
        .compose(
            rows ->
                connection.preparedQuery(DELETE_PROGRAM).execute(both).map(rows.rowCount() == 1));
  }

  Future<Void> insertProgram(
      SqlConnection connection, AccountId id, String username, String name, int product) {
    return connection
        .preparedQuery(INSERT_PROGRAM)
        .execute(Tuple.of(id.toString(), username, name, product))
        .mapEmpty();
  }
}
